"""The page on reading a loss: answers from tables with known answers, and a page that says what they say."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from conftest import Built

from replication.analysis.signals import Worth
from replication.figures.names import ARM
from replication.pages.can_i_read_my_loss import _answers, _sections, _signals
from replication.plan import registry
from replication.report import loss, loss_sections, pages
from replication.report.tables import DASH


def followed(method: str, variant: str, rho: float, end: float) -> pd.DataFrame:
    """Eight seeds of an arm whose estimate has `rho` with quality in every way, beside a perfect clock."""
    rows = []
    for seed in range(8):
        for signal, value in (("estimate_heldout", rho), ("w_bound", 0.5), ("clock", 1.0)):
            found = Worth(value, value, value, 0.0, 1.0, 1.0, 0.0, 20, 10)
            rows.append(("mnist_5k", "mlp", method, variant, seed, "fid", end, signal, *found))
    return pd.DataFrame(rows, columns=[*ARM, "seed", "quality", "end", "signal", *Worth._fields])


def test_the_arm_with_the_best_samples_speaks_whatever_its_estimate_does() -> None:
    table = pd.concat([followed("lsgan", "good", -0.9, 5.0), followed("lsgan", "bad", 0.9, 50.0)])
    run, late = _answers.of_runs(table, "small images")
    assert (run.test, run.mean, run.low, run.high) == ("run", -0.9, -0.9, -0.9)
    assert (run.arm, run.finding, run.clock, run.over_k) == (
        "mnist_5k/mlp/lsgan/good", "reversed", 1.0, 0.5,
    )  # fmt: skip
    assert (late.test, late.mean) == ("late", -0.9)


def row(method: str, test: str, mean: float, setting: str = "2-D") -> _answers.Row:
    finding = "clock" if test == "run" else ""
    return _answers.Row(
        method, setting, test, mean, mean - 0.1, mean + 0.1, 8, 0.9, 0.5, "", finding
    )


@pytest.mark.parametrize(
    ("means", "word", "decided"),
    [
        ((0.9, 0.9, 0.9), "Yes", "frozen generators"),
        ((0.9, 0.9, 0.5), "Partly", "fall and recovery"),
        ((0.05, 0.9, 0.9), "No", "frozen generators"),
        ((0.9, 0.9, -0.5), "The wrong way", "fall and recovery"),
        ((0.9, -0.5, 0.9), "No", "rises in a fall"),  # not to rise is not to fall
    ],
)
def test_the_word_of_a_method_is_that_of_its_interventions(
    means: tuple[float, ...], word: str, decided: str
) -> None:
    rows = [row("wgan_gp", t, m) for t, m in zip(_answers.INTERVENTIONS, means, strict=True)]
    # What runs and settings say is told, and does not count.
    others = [row("wgan_gp", "run", -0.9), row("wgan_gp", "settings", -0.9)]
    found = _answers.table([*rows, *others])
    answers = loss._answers_by_method(found)
    assert answers.columns == ["Method", "2-D"]
    ((method, said),) = answers.rows
    assert (method.text, method.small) == ("WGAN-GP", "Ŵ")
    assert said.text == word
    assert said.small.startswith(decided)
    assert "in ordinary runs it says no more than the step" in said.small
    assert "ρ −0.90 (−1.00 to −0.80), a clock 0.90" in said.small


def test_ordinary_runs_alone_give_no_answer() -> None:
    rows = [row("sngan", "run", 0.9), row("lsgan", "frozen", 0.9, "small images")]
    answers = loss._answers_by_method(_answers.table(rows))
    assert answers.columns == ["Method", "2-D", "small images"]
    assert [[cell.text for cell in own[1:]] for own in answers.rows] == [
        [DASH, "Yes"],
        ["Ordinary runs alone", DASH],
    ]


def test_the_opening_names_the_methods_that_pass_each_test() -> None:
    rows = [row("wgan_gp", "frozen", 0.9), row("sngan", "frozen", 0.9), row("lsgan", "frozen", 0.2)]
    rows += [row("wgan_gp", "frozen", 0.0, "small images")]
    rows += [row("wgan_gp", "rise", 0.8), row("lsgan", "rise", -0.8), row("lsgan", "settings", 0.0)]
    said = loss._said(_answers.table(rows), {"more": 0, "every": 4, "high": 2, "unsaid": 1})
    plane, images, runs = said
    start = "In 2-D, after the most steps of the critic the estimates of WGAN-GP and SN-GAN order frozen"
    assert plane.startswith(start)
    assert (
        "Those of WGAN-GP are shown to rise when samples get worse. Those of LSGAN do not." in plane
    )
    assert "the estimates of no method tell good runs" in plane
    assert images.startswith(
        "On small images, after the most steps of the critic the estimates of no method"
    )
    assert "4 arms brought FID most of its way (80% or more). In 2 of them" in runs
    assert "in none it says more" in runs
    assert "in 1 FID improves so steadily" in runs


def test_a_sign_has_the_interval_of_its_share() -> None:
    mean, low, high, n = _answers._sign(pd.Series([1.0] * 16))
    # The lower end of 16 of 16 is .025 to the power of a sixteenth.
    assert (mean, high, n) == (1.0, 1.0, 16)
    assert low == pytest.approx(2 * 0.025 ** (1 / 16) - 1)


def test_signals_are_followed_beside_a_clock_and_badness_is_what_is_followed(built: Built) -> None:
    table = built.numbers("can_i_read_my_loss/rivals")
    clock = table[table["signal"] == _signals.CLOCK]
    np.testing.assert_allclose(clock["spearman"], clock["clock"])
    quality = built.table("quality.parquet")
    fid = quality[quality["metric"] == "fid_lenet_mnist_5k"]
    last = fid[fid["step"] == fid.groupby([*ARM, "seed"])["step"].transform("max")]
    ends = table.drop_duplicates([*ARM, "seed"]).merge(last, on=[*ARM, "seed"])
    assert len(ends)
    np.testing.assert_allclose(ends["end"], ends["value"], rtol=1e-5)


def test_the_page_has_every_panel_of_its_folder_and_every_section(built: Built) -> None:
    text = built.read(pages.LOSS)
    for panel in registry.panels():
        if panel.startswith(f"{loss.FOLDER}/"):
            there = f'id="{panel.replace("/", "-").replace("_", "-")}"' in text
            assert there == bool(len(built.numbers(panel))), (
                "a figure without evidence is not shown"
            )
    for asked in _sections.SECTIONS:
        assert f'id="{asked.anchor}"' in text
    assert "WGAN17-C3" in text
    assert "replication track" in text


def test_ladders_are_a_table_and_generators_alike_are_said_to_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def orders(spread: float) -> pd.DataFrame:
        rows = [
            (s, "wgan_gp", k, "estimate", k / 1000, spread, 0.0, 1.0)
            for s in (0, 1)
            for k in (10, 500)
        ]
        rows += [(s, "", 0, "again", 1.0, spread, np.nan, np.nan) for s in (0, 1)]
        columns = ["seed", "critic", "k", "signal", "rho", "range", "gap", "order"]
        return pd.DataFrame(rows, columns=columns)

    tables = {"Frozen apart": orders(5.0), "Frozen alike": orders(1.1)}
    views = [SimpleNamespace(title=f"{title}: what it knows") for title in tables]
    monkeypatch.setattr(
        loss_sections, "numbers_of", lambda view: tables[view.title.partition(":")[0]]
    )
    table = loss_sections.ladders(views)  # type: ignore[arg-type]
    assert table is not None
    assert table.columns == ["Critic", "Frozen apart, 10 steps", "Frozen apart, 500 steps"]
    assert [cell.text for cell in table.rows[0]] == ["WGAN-GP: Ŵ", "0.01", "0.50"]
    (said,) = loss_sections._alike(views)  # type: ignore[arg-type]
    assert said.startswith("Frozen alike: not reached")
    assert "1.1 times" in said


def test_every_panel_of_a_section_exists() -> None:
    shown = {f"{loss.FOLDER}/{panel}" for asked in _sections.SECTIONS for panel in asked.panels}
    own = {panel for panel in registry.panels() if panel.startswith(f"{loss.FOLDER}/")}
    assert shown | set(loss.LEADS) == own
    assert set(loss.RELATED) <= set(registry.panels())
    assert {t for asked in _sections.SECTIONS for t in asked.tests} <= set(_answers.TESTS)
