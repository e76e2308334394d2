"""The statistics part of the methods page: rules, their intervals, and how often a verdict is wrong."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from replication.analysis import coverage
from replication.analysis.statistics import FEWEST
from replication.claims import errors, power, rules, schema
from replication.plan.paths import REPORTS
from replication.report import marks, setting
from replication.report.budget import Fact
from replication.report.tables import Cell, Table
from replication.report.views import PanelView

COVERAGE, ERRORS = "methods/coverage", "methods/errors"


@dataclass(frozen=True)
class Simulations:
    """The tables behind the two panels of simulations; empty where they were not made.

    Attributes:
        coverage: as `coverage.table`.
        errors: as `errors.table`.
    """

    coverage: pd.DataFrame
    errors: pd.DataFrame

    @classmethod
    def read(cls, drawn: Mapping[str, PanelView]) -> Simulations:
        """From the csv files of the panels."""
        return cls(
            *(pd.read_csv(REPORTS / drawn[name].links["csv"]) for name in (COVERAGE, ERRORS))
        )


def rules_table() -> Table:
    """The rule of every kind of test, as its function describes it."""
    texts = {
        "exact": "A calculation: every number must be on the right side of its tolerance.",
        "count": "Of things that were chosen, not drawn: a number with neither interval nor p.",
    }
    texts |= {
        name: str(inspect.getdoc(rule)).partition("\n")[0] for name, rule in rules.RULES.items()
    }
    rows = [[Cell(_kind(name)), Cell(text)] for name, text in texts.items()]
    return Table("How one number per seed decides.", ["Kind of test", "Rule"], rows)


def facts(simulated: Simulations) -> list[Fact]:
    """What holds for all tests, with the constants of the rules and what the simulations found."""
    shown, level = 100 * power.SHOWN, 100 * power.LEVEL
    return [
        Fact("Observations", "Seeds, paired across arms. Checkpoints of one run depend on each other, and enter only "
                             "through their seed’s number."),
        Fact("Intervals", f"{shown:g} %. Of means, in every table, figure and test: a t interval corrected for "
                          f"skewness (Hall 1992), of at least {FEWEST} seeds; ratios as logarithms. Of shares: Clopper "
                          "and Pearson’s, Newcombe’s for a difference, Bonett and Price’s for pairs."),
        *_covered(simulated.coverage),
        Fact("What decides", f"The {level:g} % interval, made in the same way. For few and skewed values the "
                             f"{shown:g} % interval misses the truth more often than it says; with the {level:g} % "
                             "interval wrong verdicts stay rare all the same. Where only the wider one leaves a "
                             "verdict open, the note says so. The share of one arm is decided by its "
                             f"{shown:g} % interval, which is exact."),
        *_wrong(simulated.errors),
        Fact("p values", "One-sided, in the claimed direction: small where the numbers contradict the value that "
                         "stands beside p, near 1 where they refute the claim. Of means from the same t as the "
                         "interval; of shares from counts: binomial, Fisher’s, McNemar’s."),
        Fact("About equal", f"Two one-sided tests: the {level:g} % interval must lie inside the margins."),
        Fact("No failure", f"At least {rules.FEWEST_RUNS} runs, none of which failed; this leaves failure rates below "
                           f"{100 * rules.FAILING:g} % possible."),
        Fact("Several tests", " ".join(setting.NEEDS.values())),
        Fact("Many claims", "No verdict is corrected for the number of claims. A correction would let the verdict on "
                            "one claim depend on how many others a paper has, and would guard against wrong ✓ "
                            f"alone. {_expected(simulated.errors)}".strip()),
    ]  # fmt: skip


def errors_table(simulated: Simulations) -> Table | None:
    """The most frequent wrong verdicts by kind of test and number of seeds; None where nothing was simulated."""
    if "kind" not in simulated.errors:
        return None
    worst = errors.worst(simulated.errors)
    sizes = list(dict.fromkeys(worst.index.get_level_values("n")))
    rows = [
        [Cell(_kind(kind))] + [Cell(_both(worst.loc[(kind, n)])) for n in sizes]
        for kind in dict.fromkeys(worst.index.get_level_values("kind"))
    ]
    caption = (
        "How often a verdict is wrong, at most, in simulations over five kinds of noise, of three strengths: first a ✓ "
        "or “weaker” where there is nothing to see or the reverse, then a ✗, “weaker” or “reversed” where the effect "
        f"reaches the threshold. {errors.REPETITIONS:,} simulated tests each: a share of 5 % has a standard error of "
        f"{100 * (0.05 * 0.95 / errors.REPETITIONS) ** 0.5:.1f} percentage points."
    )
    return Table(caption, ["Kind of test", *(f"{n} seeds" for n in sizes)], rows)


def _both(row: pd.Series[float]) -> str:
    return f"✓ {_percent(row['false_yes'])}, ✗ {_percent(row['false_no'])}"


def _covered(table: pd.DataFrame) -> Iterable[Fact]:
    """How often the interval holds the true mean, beside Student's."""
    if "coverage" not in table:
        return
    ours, students, *_ = coverage.RULES
    by_noise = table.groupby(["rule", "noise"], sort=False)["coverage"]
    low, high = by_noise.min(), by_noise.max()
    said = [
        f"{noise} {_range(low[ours, noise], high[ours, noise])} "
        f"(Student’s t {_range(low[students, noise], high[students, noise])})"
        for noise in coverage.NOISES
    ]
    *sizes, largest = map(str, sorted(set(table["n"])))
    yield Fact(
        "Coverage",
        f"How often the 95 % interval of a mean holds the truth, in simulations of {', '.join(sizes)} and {largest} "
        f"seeds, by the noise: {'; '.join(said)}. A statistic "
        "as skewed as log-normal noise is better stated as a ratio, which is decided as a logarithm.",
    )


def _wrong(table: pd.DataFrame) -> Iterable[Fact]:
    if "kind" in table:
        yes, no = table["false_yes"].max(), table["false_no"].max()
        yield Fact(
            "Wrong verdicts",
            f"In simulations of every kind of test a verdict supports what is not there in {_percent(yes)} of cases at "
            f"most, and denies what is there in {_percent(no)} at most. Seeds that are too few make a verdict "
            "inconclusive, not wrong. With a true effect of half its threshold a claim can come out as replicated: an "
            "estimate then reaches the threshold by chance. The table and the figure show how often.",
        )


def _expected(table: pd.DataFrame) -> str:
    """How many wrong verdicts to expect among all tests that are written."""
    if "kind" not in table:
        return ""
    tests = Counter(
        test.kind
        for paper in schema.papers().values()
        for one in paper.claims
        for test in one.keys.values()
        if test.kind in rules.RULES
    )
    rates = table.groupby(["truth", "kind"])[["false_yes", "false_no"]].mean()
    yes, no = (
        sum(count * rates.loc[(truth, kind), column] for kind, count in tests.items())
        for truth, column in (("nil", "false_yes"), ("threshold", "false_no"))
    )
    return (
        f"Instead: of the {tests.total()} tests that have a chance to err, about {yes:.1f} would be wrong ✓ if every "
        f"effect were nil, and about {no:.1f} wrong ✗ if every effect lay just on its threshold."
    )


def _kind(name: str) -> str:
    return marks.KINDS.get(name, name)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _range(low: float, high: float) -> str:
    a, b = round(100 * low), round(100 * high)
    return f"{a} to {b} %" if a < b else f"{a} %"
