"""Two results folders: what moved beyond noise, against scipy and simulations; what changed; what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from replication.analysis import folder
from replication.analysis.collect import summary
from replication.analysis.statistics import interval
from replication.claims import compare
from replication.jobs.files import ResultsError

ARM = ["dataset", "net", "method", "variant"]
ARMS = [("mnist_5k", "mlp", "wgan_gp", "paper"), ("mnist_5k", "mlp", "gan_ns", "paper")]


def study(
    rng: np.random.Generator, seeds: int = 6, metrics: int = 20, shift: float = 0.0
) -> pd.DataFrame:
    """One value per arm, metric and seed; the first metric of the first arm is shifted."""
    rows = [
        (*arm, seed, 100, f"metric{m:02d}", rng.normal(10.0 + shift * (m == 0 and arm == ARMS[0])))
        for arm in ARMS
        for m in range(metrics)
        for seed in range(seeds)
    ]
    return pd.DataFrame(rows, columns=[*ARM, "seed", "step", "metric", "value"])


def runs_of(quality: pd.DataFrame, lost: int = 0) -> pd.DataFrame:
    """All finished but the last `lost` seeds of the second arm."""
    runs = quality[[*ARM, "seed"]].drop_duplicates(ignore_index=True)
    last = runs["seed"].max() - lost
    bad = (runs["method"] == "gan_ns") & (runs["seed"] > last)
    return runs.assign(state=np.where(bad, "diverged", "finished"))


def claim(name: str, verdict: str, estimate: float | None = 1.0) -> dict[str, Any]:
    test = {"settled": True, "estimate": estimate, "low": None, "high": None, "unit": "log10"}
    other = test | {"settled": False, "estimate": 7.0}
    head = {"id": name, "setting": "2-D", "verdict": verdict, "profile": "laptop"}
    return head | {"outcomes": [other, test]}


CLAIMS = [claim("A01-C1", "replicated"), claim("A01-C2", "inconclusive")]


def write(
    place: Path,
    quality: pd.DataFrame,
    *,
    seeds_too: bool = False,
    lost: int = 0,
    claims: Any = CLAIMS,
) -> folder.Results:
    """A results folder of these values, read again."""
    place.mkdir()
    runs = runs_of(quality, lost)
    table = summary(runs, quality)
    table.to_csv(place / "summary.csv", index=False, float_format="%.6g")
    ranks = table.rename(columns={"metric": "quality", "mean": "spearman"}).assign(
        estimate="w_bound"
    )
    ranks.to_csv(place / "tracking.csv", index=False)
    (place / "claims.json").write_text(json.dumps(claims))
    if seeds_too:
        runs.to_csv(place / "runs.csv", index=False)
        quality.to_parquet(place / "quality.parquet")
    return folder.read(place)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(3)


def test_what_moved_is_found_alone_and_what_did_not_is_not(
    rng: np.random.Generator, tmp_path: Path
) -> None:
    before = write(tmp_path / "a", study(rng))
    found = compare.compare(before, write(tmp_path / "b", study(rng, shift=12.0)))
    assert list(found.moved["number"]) == ["metric00", "w_bound ~ metric00"]
    assert set(found.moved["method"]) == {"wgan_gp"}
    assert set(found.moved["table"]) == {"quality", "tracking"}
    assert set(found.numbers["state"]) == {compare.MOVED, compare.WITHIN}
    assert found.totals.startswith("80 numbers in both: 2 moved, 78 within noise, 0 equal")


def test_p_values_are_those_of_welch_on_the_seeds(rng: np.random.Generator, tmp_path: Path) -> None:
    values = study(rng, seeds=4), study(rng, seeds=5)
    sides = (write(tmp_path / n, v, seeds_too=True) for n, v in zip("ab", values, strict=True))
    numbers = compare.compare(*sides).numbers
    for row in numbers[numbers["table"] == "quality"].to_dict("records"):
        own = (
            v[(v["method"] == row["method"]) & (v["metric"] == row["number"])]["value"]
            for v in values
        )
        assert row["p"] == pytest.approx(stats.ttest_ind(*own, equal_var=False).pvalue, rel=1e-3)


def test_a_run_that_diverged_enters_no_error(rng: np.random.Generator, tmp_path: Path) -> None:
    quality = study(rng, seeds=5)
    quality.loc[(quality["method"] == "gan_ns") & (quality["seed"] == 4), "value"] = 1e9
    numbers = write(tmp_path / "a", quality, seeds_too=True, lost=1).numbers
    assert numbers.loc[numbers["table"] == "quality", "error"].max() < 2


def test_without_values_of_seeds_too_few_seeds_tell_nothing(
    rng: np.random.Generator, tmp_path: Path
) -> None:
    before = write(tmp_path / "a", study(rng, seeds=4))
    found = compare.compare(before, write(tmp_path / "b", study(rng, seeds=4, shift=1e6)))
    assert set(found.numbers["state"]) == {compare.UNTOLD}
    same = compare.compare(before, before)
    assert set(same.numbers["state"]) == {compare.EQUAL}


@pytest.mark.parametrize("level", [0.05, 0.001])
def test_six_seeds_of_which_only_the_interval_is_known_err_no_more_often_than_they_may(
    rng: np.random.Generator, level: float
) -> None:
    n, trials = 6, 200_000
    values = rng.normal(size=(2, trials, n))
    rate = np.mean(p_values(values.mean(2), *interval(values), n) <= level)
    assert 0.05 * level < rate < level


@pytest.mark.parametrize(("n", "trials"), [(7, 20_000), (10, 20_000), (20, 20_000)])
def test_more_seeds_err_no_more_often_than_they_may(
    rng: np.random.Generator, n: int, trials: int
) -> None:
    values = rng.normal(size=(2, trials, n))
    rate = np.mean(p_values(values.mean(2), *interval(values), n) <= 0.05)
    slack = 3 * np.sqrt(0.05 * 0.95 / trials)
    assert 0.01 < rate < 0.05 + slack


def p_values(mean: np.ndarray, low: np.ndarray, high: np.ndarray, n: int) -> np.ndarray:
    """The p of every trial, means and ends of intervals ``[2, trials]``."""
    key = dict.fromkeys(["table", *ARM], "x") | {"number": np.arange(mean.shape[1]), "n_seeds": n}
    errors = folder.standard_error(mean, low, high, n)
    sides = (pd.DataFrame(key | {"mean": mean[side], "error": errors[side]}) for side in (0, 1))
    return compare.moves(*sides)["p"].to_numpy()


def test_the_more_numbers_the_more_it_takes(rng: np.random.Generator, tmp_path: Path) -> None:
    """Holm: with p about 0.001, one of two numbers has moved, and one of two hundred has not."""
    numbers = write(tmp_path / "a", study(rng, metrics=100)).numbers
    own = numbers[numbers["table"] == "quality"].assign(mean=10.0, error=0.4)
    shifted = own.assign(mean=np.where(np.arange(len(own)) == 0, 12.6, 10.001))
    assert list(compare.moves(own[:2], shifted[:2])["state"]) == [compare.MOVED, compare.WITHIN]
    assert set(compare.moves(own, shifted)["state"]) == {compare.WITHIN}


def test_constants_that_differ_have_moved_and_equal_ones_have_not(
    rng: np.random.Generator, tmp_path: Path
) -> None:
    numbers = write(tmp_path / "a", study(rng)).numbers.assign(mean=0.0, error=0.0)
    assert set(compare.moves(numbers, numbers)["state"]) == {compare.EQUAL}
    assert set(compare.moves(numbers, numbers.assign(mean=0.1))["state"]) == {compare.MOVED}


def test_verdicts_that_changed_came_or_went(rng: np.random.Generator, tmp_path: Path) -> None:
    quality = study(rng)
    after = [claim("A01-C1", "not replicated", 0.2), CLAIMS[1], claim("A01-C3", "replicated")]
    found = compare.compare(
        write(tmp_path / "a", quality), write(tmp_path / "b", quality, claims=after)
    )
    assert list(found.verdicts) == ["A01-C1, 2-D", "A01-C3, 2-D"]
    old, new = found.verdicts["A01-C1, 2-D"]
    assert old is not None
    assert new is not None
    assert (old["verdict"], new["verdict"], new["estimate"]) == (
        "replicated",
        "not replicated",
        0.2,
    )
    assert old["estimate"] == 1.0
    assert found.verdicts["A01-C3, 2-D"][0] is None
    assert "2 of 3 verdicts changed" in found.totals


def test_settings_of_one_claim_are_compared_each_with_itself(
    rng: np.random.Generator, tmp_path: Path
) -> None:
    quality = study(rng)
    plane, images = CLAIMS[0], CLAIMS[0] | {"setting": "images"}
    found = compare.compare(
        write(tmp_path / "a", quality, claims=[plane, images]),
        write(tmp_path / "b", quality, claims=[plane, images | {"verdict": "weaker"}]),
    )
    assert list(found.verdicts) == ["A01-C1, images"]
    assert found.n_claims == 2


def test_arms_of_one_folder_and_runs_that_diverged_are_told(
    rng: np.random.Generator, tmp_path: Path
) -> None:
    quality = study(rng, seeds=8)
    before = write(tmp_path / "a", quality)
    fewer = compare.compare(before, write(tmp_path / "b", quality[quality["method"] == "wgan_gp"]))
    assert fewer.arms == (["mnist_5k/mlp/gan_ns/paper"], [])
    assert fewer.lone == (40, 0)
    lost = compare.compare(before, write(tmp_path / "c", quality, lost=2))
    assert lost.diverged == {"mnist_5k/mlp/gan_ns/paper": ((0, 8), (2, 8))}


def test_a_folder_against_itself_has_nothing_to_tell(
    rng: np.random.Generator, tmp_path: Path
) -> None:
    own = write(tmp_path / "a", study(rng))
    told = compare.plain(compare.compare(own, own))
    assert json.loads(json.dumps(told)) == told
    for key in ("moved", "verdicts", "diverged", "only_before", "only_after"):
        assert told[key] == []


def test_json_holds_what_moved(rng: np.random.Generator, tmp_path: Path) -> None:
    before = write(tmp_path / "a", study(rng))
    told = compare.plain(compare.compare(before, write(tmp_path / "b", study(rng, shift=12.0))))
    (row, _) = json.loads(json.dumps(told))["moved"]
    assert row["number"] == "metric00"
    assert row["mean_after"] - row["mean_before"] == pytest.approx(12, abs=3)
    assert row["p_holm"] <= 0.05


@pytest.mark.parametrize("name", ["summary.csv", "tracking.csv", "claims.json", "quality.parquet"])
@pytest.mark.parametrize("text", [None, "", "no table", '[{"x": 1}]'])
def test_a_file_that_is_missing_or_damaged_is_one_line(
    rng: np.random.Generator, tmp_path: Path, name: str, text: str | None
) -> None:
    write(tmp_path / "a", study(rng), seeds_too=True)
    path = tmp_path / "a" / name
    path.unlink()
    if text is not None:
        path.write_text(text)
    elif name == "quality.parquet":
        folder.read(tmp_path / "a")  # it need not be there
        return
    with pytest.raises(ResultsError, match=rf"^\S*{name}: [^\n]+; [^\n]+$"):
        folder.read(tmp_path / "a")


def test_a_path_that_is_no_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "nowhere", tmp_path / "file"):
        with pytest.raises(
            ResultsError, match=r"summary\.csv: no such file; name the results folder"
        ):
            folder.read(place)
