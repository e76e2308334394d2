"""Tracking and the collected tables, on results made by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from replication.analysis import statistics
from replication.analysis.collect import (
    CURVE_COLUMNS,
    SUMMARY_COLUMNS,
    collect,
    read_frame,
    summary,
)
from replication.analysis.tracking import ARM, COLUMNS, ESTIMATES, correlations, following, tracking
from replication.jobs.files import ResultsError, write_json
from replication.plan.paths import ARM_FILES, Paths

STEPS = np.array([10, 20, 30, 40, 50])
FID, SCORE = "fid_lenet_mnist_5k", "inception_score_lenet_mnist_5k"


def results(method="wgan_gp", seed=0, course=(5.0, 4.0, 3.0, 2.0, 1.0)):
    """Curves and quality of one run whose distance from the data is `course`."""
    distance = np.array(course)
    arm = dict(zip(ARM, ["mnist_5k", "mlp", method, "paper"], strict=True))
    logged = np.arange(5, 55, 5)
    curves = pd.DataFrame({c: np.zeros(len(logged)) for c in CURVE_COLUMNS})
    curves = curves.assign(**arm, seed=seed, step=logged, seconds=logged / 10)
    true = np.random.default_rng(seed).normal(
        100, 50, len(logged)
    )  # between checkpoints: no matter
    true[1::2] = distance
    for estimate in ("estimate_train", "estimate_heldout", "w_bound", "generator_loss"):
        curves[estimate] = true
    curves["critic_loss"] = -true
    quality = pd.concat(
        pd.DataFrame({**arm, "seed": seed, "step": STEPS, "metric": metric, "value": value})
        for metric, value in (
            (FID, 10 * distance),
            (SCORE, 9 - distance),
            ("w1_pixels", distance**2),
        )
    )
    return curves, quality


def table_of_runs(*rows):
    return pd.DataFrame(
        [("mnist_5k", "mlp", method, "paper", seed, state) for method, seed, state in rows],
        columns=[*ARM, "seed", "state"],
    )


def test_an_estimate_that_falls_as_quality_improves_has_plus_one():
    table = correlations(*results())
    assert set(table["quality"]) == {FID, SCORE, "w1_pixels"}
    assert set(table["estimate"]) == {*ESTIMATES, "w1_pixels"}
    assert table["spearman"].to_numpy() == pytest.approx(1)
    assert (table["n_checkpoints"] == 5).all()


def test_signs_by_hand():
    curves, quality = results()
    curves["critic_loss"] *= -1
    curves["generator_loss"] *= -1
    table = correlations(curves, quality).set_index(["estimate", "quality"])["spearman"]
    for metric in (FID, SCORE):
        assert table["critic_loss", metric] == pytest.approx(-1)
        assert table["generator_loss", metric] == pytest.approx(-1)
        assert table["estimate_train", metric] == pytest.approx(1)


def test_correlation_is_over_the_checkpoints_of_the_right_run():
    curves, quality = results(course=(1, 3, 2, 5, 4))
    other, _ = results(seed=1, course=(9, 1, 8, 2, 7))
    quality.loc[quality["metric"] == FID, "value"] = [10, 20, 30, 40, 50]
    table = correlations(pd.concat([other, curves]), quality)
    row = table[(table["estimate"] == "estimate_train") & (table["quality"] == FID)]
    assert row["spearman"].item() == pytest.approx(
        1 - 6 * 4 / (5 * 24)
    )  # ranks differ by 0 1 1 1 1


def test_a_distance_from_outside_is_followed_where_it_was_measured_and_never_with_itself():
    curves, quality = results()
    costly = quality[(quality["metric"] == FID) & quality["step"].isin([10, 30, 50])]
    costly = costly.assign(metric="independent_critic", value=[3.0, 1.0, 2.0])
    table = correlations(curves, pd.concat([quality, costly])).set_index(["estimate", "quality"])
    assert table.loc[("independent_critic", FID), "spearman"] == pytest.approx(0.5)
    assert table.loc[("independent_critic", FID), "n_checkpoints"] == 3
    assert table.loc[("independent_critic", SCORE), "spearman"] == pytest.approx(0.5)
    assert table.loc[("estimate_heldout", "independent_critic"), "n_checkpoints"] == 3
    assert table.loc[("w1_pixels", "independent_critic"), "spearman"] == pytest.approx(0.5)
    assert ("independent_critic", "independent_critic") not in table.index
    assert ("w1_pixels", "w1_pixels") not in table.index
    assert ("w1_patches", FID) not in table.index


def test_following_by_hand():
    """Five checkpoints: of four steps two the same way, one against, one standing still; the pick costs 3 of 2."""
    badness = np.array([9.0, 4.0, 2.0, 5.0, 6.0])
    signal = np.array([5.0, 4.0, 4.0, 3.0, 8.0])
    found = following(signal, badness)
    assert found.same_way == (1 + 0.5 + 0 + 1) / 4
    assert found.lost == pytest.approx((5 - 2) / 2)
    # Of ten pairs, by hand: 6 agree, 3 disagree and one is tied in the signal.
    assert found.kendall == pytest.approx((6 - 3) / np.sqrt(9 * 10))


def test_following_itself_and_its_opposite():
    course = np.random.default_rng(0).normal(size=12)
    assert following(course, course) == pytest.approx((1, 1, 1, 0))
    against = following(-course, course)
    assert against[:3] == pytest.approx((-1, -1, 0))
    assert against.lost == pytest.approx((course.max() - course.min()) / abs(course.min()))
    # More is better: a score enters negated, and what is lost is a share of the best score.
    assert following([2.0, 1.0], [-8.0, -6.0]).lost == pytest.approx(0.25)


def test_a_signal_that_stands_still_has_no_correlation():
    found = following(np.ones(4), np.arange(4.0))
    assert np.isnan(found.spearman)
    assert np.isnan(found.kendall)
    assert found.same_way == 0.5
    assert np.isnan(following([1.0], [1.0])).all()


def test_undefined_quality_is_left_out_and_counted():
    curves, quality = results()
    quality.loc[(quality["metric"] == FID) & (quality["step"] == 30), "value"] = np.nan
    curves["estimate_heldout"] = 0.25
    table = correlations(curves, quality).set_index(["estimate", "quality"])
    assert table.loc[("estimate_train", FID), "n_checkpoints"] == 4
    assert table.loc[("estimate_train", FID), "spearman"] == pytest.approx(1)
    assert np.isnan(table.loc[("estimate_heldout", FID), "spearman"])


def test_tracking_takes_the_mean_over_finished_seeds_and_keeps_lost_arms():
    good = [results(seed=s) for s in range(6)]
    bad = [results(seed=6), results("lsgan", 0)]
    bad[0][1]["value"] *= -1.0  # pulls the mean down if it enters
    bad[0][1]["value"] *= -1.0  # would pull the mean down if it entered
    curves, quality = (pd.concat(part) for part in zip(*good, *bad, strict=True))
    finished = [("wgan_gp", s, "finished") for s in range(6)]
    lost = [("wgan_gp", 6, "diverged"), ("lsgan", 0, "diverged")]
    table = tracking(table_of_runs(*finished, *lost), curves, quality)
    assert list(table) == COLUMNS
    assert len(table) == 2 * (len(ESTIMATES) * 3 + 2)
    kept = table[table["method"] == "wgan_gp"]
    assert kept[["spearman", "ci_low", "ci_high"]].to_numpy() == pytest.approx(1)
    assert (kept[["n_seeds", "n_checkpoints"]] == [6, 5]).all(axis=None)
    gone = table[table["method"] == "lsgan"]
    assert (gone[["n_seeds", "n_checkpoints"]] == 0).all(axis=None)
    assert gone["spearman"].isna().all()


def test_summary_is_of_the_last_checkpoint_of_finished_runs():
    parts = [results(seed=s, course=(9, 9, 9, 9, s + 1)) for s in range(7)]
    quality = pd.concat(part for _, part in parts)
    runs = table_of_runs(
        *[("wgan_gp", s, "finished") for s in range(6)], ("wgan_gp", 6, "diverged")
    )
    table = summary(runs, quality).set_index("metric")
    assert list(table.reset_index()[SUMMARY_COLUMNS]) == SUMMARY_COLUMNS
    # 10 to 60 in tens have no skewness: 35 +- 2.5706 (t of 5 degrees) times 18.708 / sqrt(6)
    expected = [35, 15.3669, 54.6331]
    assert table.loc[FID, ["mean", "ci_low", "ci_high"]].tolist() == pytest.approx(
        expected, rel=1e-5
    )
    assert table.loc[SCORE, "mean"] == pytest.approx(9 - 3.5)
    assert table.loc[FID, ["n_seeds", "n_diverged"]].tolist() == [6, 1]


def test_no_interval_of_a_share_goes_beyond_what_shares_can_be():
    score = "precision_lenet_mnist_5k"
    values = [0.9, 1.0, 1.0, 0.2, 1.0, 1.0]
    quality = pd.DataFrame(
        [
            {
                **dict(zip(ARM, ("mnist_5k", "mlp", "wgan_gp", "paper"), strict=True)),
                "seed": seed,
                "step": 10,
                "metric": metric,
                "value": value,
            }
            for seed, value in enumerate(values)
            for metric in (score, "kid_lenet_mnist_5k")
        ]
    )
    runs = table_of_runs(*[("wgan_gp", seed, "finished") for seed in range(6)])
    table = summary(runs, quality).set_index("metric")
    assert table.loc[score, "ci_high"] == 1.0
    assert table.loc["kid_lenet_mnist_5k", "ci_high"] > 1.0


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Evidence of two arms of a study, one of whose runs diverged before its first checkpoint; a third has none."""
    monkeypatch.chdir(tmp_path)
    paths = Paths.of("made_up")
    arms = {
        f"mnist_5k/mlp/{method}/paper": seeds
        for method, seeds in (
            ("wgan_gp", "finished finished"),
            ("lsgan", "diverged"),
            ("sngan", ""),
        )
    }
    for arm, states in arms.items():
        if states:
            write_evidence(paths.arm(arm), arm.split("/")[2], states.split())
    return SimpleNamespace(arms=arms, paths=paths)


def write_evidence(folder, method, states):
    """Evidence of an arm whose seeds end in these states, its rows in no order."""
    folder.mkdir(parents=True)
    for name in ARM_FILES["images"]:
        (folder / name).touch()
    parts, runs = [], []
    for seed, state in enumerate(states):
        curves, quality = results(method, seed)
        parts.append((curves, quality if state == "finished" else quality.iloc[:0]))
        reason = "" if state == "finished" else "NaN"
        status = {"seed": seed, "state": state, "step": 50, "reason": reason}
        runs.append({"name": f"seed{seed}", "status": [status], "provenance": {}})
    for name, tables in zip(("curves", "quality"), zip(*parts, strict=True), strict=True):
        shuffled = pd.concat(tables).drop(columns=ARM).sample(frac=1, random_state=0)
        shuffled.to_parquet(folder / f"{name}.parquet")
    write_json(folder / "arm.json", {"made_by": {}, "runs": runs})


def test_collect_writes_every_table_the_same_way_each_time(written):
    collect(written)
    names = ("runs.csv", "curves.parquet", "quality.parquet", "summary.csv", "tracking.csv")
    first = {name: written.paths.table(name).read_bytes() for name in names}
    collect(written)
    assert first == {name: written.paths.table(name).read_bytes() for name in names}
    lines = first["runs.csv"].decode().splitlines()
    assert lines[0] == "dataset,net,method,variant,seed,state,step,reason,seconds"
    assert lines[1] == "mnist_5k,mlp,wgan_gp,paper,0,finished,50,,5"
    assert lines[3] == "mnist_5k,mlp,lsgan,paper,0,diverged,50,NaN,5"
    head = first["summary.csv"].decode().splitlines()
    assert head[0] == "dataset,net,method,variant,metric,mean,ci_low,ci_high,n_seeds,n_diverged"
    assert head[1] == f"mnist_5k,mlp,wgan_gp,paper,{FID},10,,,2,0"
    assert head[4] == f"mnist_5k,mlp,lsgan,paper,{FID},,,,0,1"
    assert first["tracking.csv"].decode().startswith(",".join(COLUMNS) + "\n")
    quality = pd.read_parquet(written.paths.table("quality.parquet"))
    assert list(quality) == [*ARM, "seed", "step", "metric", "value"]
    assert quality["step"].tolist() == [s for s in STEPS for _ in range(3)] * 2


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:200]), "damaged; delete it"),
        (lambda path: path.write_bytes(b""), "damaged; delete it"),
        (
            lambda path: pd.read_parquet(path).drop(columns="value").to_parquet(path),
            "no column value",
        ),
    ],
)
def test_a_bad_file_is_named_in_one_line_with_the_remedy(written, damage, said):
    path = written.paths.arm("mnist_5k/mlp/wgan_gp/paper") / "quality.parquet"
    damage(path)
    with pytest.raises(ResultsError) as error:
        collect(written)
    message = str(error.value)
    assert message.startswith(f"{path}: ")
    assert said in message
    assert "snakemake" in message
    assert "\n" not in message


@pytest.mark.parametrize(
    "text", ['{"state": "fin', '{"made_by": {}, "runs": [{"status": [{}]}]}', "[]"]
)
def test_a_bad_record_is_named(written, text):
    path = written.paths.arm("mnist_5k/mlp/lsgan/paper") / "arm.json"
    path.write_text(text)
    with pytest.raises(ResultsError, match=r"^[^\n]*arm\.json: damaged; delete it[^\n]*$"):
        collect(written)


def test_an_arm_without_evidence_is_left_out_and_none_at_all_is_an_error(written):
    def in_tables():
        collect(written)
        return list(pd.read_csv(written.paths.table("runs.csv"))["method"].unique())

    assert in_tables() == ["wgan_gp", "lsgan"]
    (written.paths.arm("mnist_5k/mlp/wgan_gp/paper") / "samples.png").unlink()
    assert in_tables() == ["lsgan"]
    nothing = SimpleNamespace(arms=written.arms, paths=Paths.of("another"))
    with pytest.raises(ResultsError, match=r"^[^\n]*another/evidence: no arm has evidence[^\n]*$"):
        collect(nothing)


def test_more_columns_than_asked_for_are_welcome(tmp_path):
    pd.DataFrame({"a": [1], "b": [2]}).to_parquet(tmp_path / "x.parquet")
    assert list(read_frame(tmp_path / "x.parquet", ["b"])) == ["a", "b"]


@pytest.mark.parametrize("seed", range(20))
def test_rank_correlations_are_scipys_to_the_bit(seed: int) -> None:
    """With and without ties."""
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(2, rng.integers(3, 26)))
    for one, other in ((x, y), (np.round(2 * x), y), (np.round(2 * x), np.round(2 * y))):
        if np.ptp(one) and np.ptp(other):
            assert statistics.kendall(one, other) == stats.kendalltau(one, other).statistic
            assert statistics.spearman(one, other) == stats.spearmanr(one, other).statistic
