"""The methods page says what the simulations found, with numbers from their tables."""

from types import SimpleNamespace

import pandas as pd
import pytest

from replication.claims import errors, rules, schema
from replication.plan import registry
from replication.report import statistics
from replication.report.statistics import COVERAGE, ERRORS, Simulations

NOTHING = pd.DataFrame({"x": []})


@pytest.fixture
def simulated():
    """Invented coverage; of every kind of test 4 % wrong ✓ at the null, 2 % wrong ✗ at the threshold."""
    covered = [
        (rule, noise, n, share)
        for rule, base in (("t, corrected for skewness", 0.9), ("Student's t", 0.8))
        for noise in ("normal", "Laplace", "exponential", "log-normal", "mode counts")
        for n, share in ((6, base), (10, base + 0.03))
    ]
    wrong = [
        (kind, n, truth, 0.04 * (truth == "nil"), 0.02 * (truth == "threshold"))
        for kind in rules.RULES
        for n in (6, 10)
        for truth in errors.TRUTHS
    ]
    return Simulations(
        pd.DataFrame(covered, columns=["rule", "noise", "n", "coverage"]),
        pd.DataFrame(wrong, columns=["kind", "n", "truth", "false_yes", "false_no"]),
    )


def text(simulated, name):
    return {fact.name: fact.text for fact in statistics.facts(simulated)}.get(name, "")


def test_the_page_says_how_often_an_interval_holds_the_truth(simulated):
    said = text(simulated, "Coverage")
    assert "6 and 10 seeds" in said
    assert "normal 90 to 93 % (Student’s t 80 to 83 %)" in said


def test_the_page_says_how_many_wrong_verdicts_to_expect(simulated):
    papers = schema.papers().values()
    every = [test for paper in papers for claim in paper.claims for test in claim.keys.values()]
    n = sum(test.kind not in rules.WITHOUT_CHANCE for test in every)
    said = text(simulated, "Many claims")
    assert f"of the {n} tests" in said
    assert f"about {0.04 * n:.1f} would be wrong ✓" in said
    assert f"about {0.02 * n:.1f} wrong ✗" in said
    assert "4.0 % of cases at most, and denies what is there in 2.0 % at most" in text(
        simulated, "Wrong verdicts"
    )


def test_every_kind_of_test_has_a_row_and_every_number_of_seeds_a_column(simulated):
    table = statistics.errors_table(simulated)
    assert table.columns == ["Kind of test", "6 seeds", "10 seeds"]
    assert [len(row) for row in table.rows] == [3] * len(rules.RULES)
    assert table.rows[0][1].text == "✓ 4.0 %, ✗ 2.0 %"


def test_what_was_not_simulated_is_not_said():
    nothing = Simulations(NOTHING, NOTHING)
    assert statistics.errors_table(nothing) is None
    assert text(nothing, "Coverage") == text(nothing, "Wrong verdicts") == ""
    assert "tests" not in text(nothing, "Many claims")


def test_the_tables_are_those_of_the_panels(tmp_path, monkeypatch):
    monkeypatch.setattr(statistics, "REPORTS", tmp_path)
    for name in (COVERAGE, ERRORS):
        assert name in registry.panels()
        (tmp_path / f"{name.replace('/', '_')}.csv").write_text(f"panel\n{name}\n")
    drawn = {
        name: SimpleNamespace(links={"csv": f"{name.replace('/', '_')}.csv"})
        for name in (COVERAGE, ERRORS)
    }
    found = Simulations.read(drawn)
    assert (found.coverage["panel"][0], found.errors["panel"][0]) == (COVERAGE, ERRORS)


@pytest.mark.parametrize("name", [COVERAGE, ERRORS])
def test_a_caption_names_the_repetitions_that_were_made(name):
    assert f"{errors.REPETITIONS:,}" in registry.panel_metadata(name)["CAPTION"]
