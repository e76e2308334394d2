"""The answer, method by method: what each test says of the estimate, as a mean with its interval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from replication.analysis import rates
from replication.analysis.answers import Answer, answer
from replication.analysis.answers import finding as course
from replication.analysis.statistics import Interval, mean_interval
from replication.figures import names
from replication.figures.names import ARM
from replication.pages.can_i_read_my_loss import _falls, _frozen, _signals

#: The tests, from the one that a clock passes to those that it cannot.
TESTS = {
    "run": "in a run",
    "late": "late in a run",
    "frozen": "frozen generators",
    "rise": "rises in a fall",
    "fall": "fall and recovery",
    "settings": "across settings",
}

#: Those in which what is compared is set by the experimenter and not by the course of training, within one setting.
INTERVENTIONS = ("frozen", "rise", "fall")

#: From the best to the worst; of several tests the worst counts.
WORDS: tuple[Answer, ...] = ("Yes", "Partly", "Cannot tell", "No", "The wrong way")


#: How sentences on a setting begin.
PLACES = {
    "2-D": "In 2-D",
    "small images": "On small images",
    "images": "On images",
    "paper scale": "At the papers’ scale",
}

#: Of critics whose estimate had not settled: they can pass a test, and cannot fail it.
MOVING = "moving"


class Row(NamedTuple):
    """What a test says of a method in a setting.

    Attributes:
        mean: Spearman's correlation of the estimate with badness, over what is compared; of ``rise`` a sign.
        low: of its 95 % interval; NaN where there are too few seeds.
        high: likewise.
        n: seeds, or settings.
        clock: what a clock has; NaN where there is none.
        over_k: what the score gap over K has.
        arm: of runs, which one.
        finding: of runs, see `replication.analysis.answers.finding`; of critics on frozen generators `MOVING` or empty.
    """

    method: str
    setting: str
    test: str
    mean: float
    low: float
    high: float
    n: int
    clock: float
    over_k: float
    arm: str = ""
    finding: str = ""


def of_runs(table: pd.DataFrame, setting: str) -> list[Row]:
    """Of every method its arm with the best quality at the end, in a run and late in it.

    Which arm speaks is so decided by its samples, not by what its estimate does.

    Args:
        table: of `_signals.followed`; of arms that did not learn only where no other is there.
        setting: what it is called.
    """
    rows: list[Row] = []
    for method, arms in table.groupby("method"):
        best = arms.groupby(ARM)["end"].mean().idxmin()
        own = arms[(arms[ARM] == list(best)).all(axis=1)]
        by_signal = {signal: part for signal, part in own.groupby("signal")}
        if _signals.ESTIMATE not in by_signal:
            continue
        estimate = by_signal[_signals.ESTIMATE]
        found = {f: _mean(estimate[f]) for f in _signals.QUESTIONS}
        for test, field, clock in (("run", "spearman", "clock"), ("late", "late", "clock_late")):
            over = by_signal["w_bound"][field].mean() if "w_bound" in by_signal else np.nan
            known = course(found, len(estimate))
            row = (*found[field], estimate[clock].mean(), over, "/".join(best), known)
            rows.append(Row(str(method), setting, test, *row))
    return rows


def frozen(table: pd.DataFrame, setting: str) -> Iterator[Row]:
    """Over the generators of a seed, after the most steps of the critic; none where there was no order to find."""
    if not _frozen.reached(table):
        return
    age = table.loc[table["signal"] == "age", "rho"].mean()
    asked = table[table["k"] == table["k"].max()]
    for critic, own in asked.groupby("critic"):
        found = _mean(own.loc[own["signal"] == "estimate", "rho"])
        over = own.loc[own["signal"] == "over_k", "rho"].mean()
        still = "" if _frozen.settled(table, str(critic)) else MOVING
        for method in _frozen.SERVES.get(str(critic), (critic,)):
            yield Row(str(method), setting, "frozen", *found, age, over, finding=still)


def falls(table: pd.DataFrame, setting: str, rises: bool = True) -> Iterator[Row]:
    """Of runs whose quality falls and comes back, mean of the disturbances under which a method's did.

    The unit is the game, which is disturbed in each way from the same start. ``rise`` is the mean over games of 1 where
    the estimate rises with W1 and falls again under every disturbance, and -1 where it does not, as a clock never does,
    with the exact interval of a share; ``fall`` is the correlation over the looks of a run.

    Args:
        table: of `_falls.followed`.
        setting: what it is called.
        rises: whether they are counted: not where critics take longer than a look to see a fall.
    """
    runs = table.drop_duplicates(["method", "kind", "seed"])
    once = runs.groupby(["method", "kind"]).filter(_falls.reached)
    rose = once.groupby(["method", "seed"])["rises"].min()
    for method, own in rose.groupby("method") if rises else ():
        yield Row(str(method), setting, "rise", *_sign(own), -1.0, np.nan)
    each = once.groupby(["method", "seed"])[["rho", "clock", "over_k_rho"]].mean()
    for method, own in each.groupby("method"):
        means = own[["clock", "over_k_rho"]].mean()
        yield Row(str(method), setting, "fall", *_mean(own["rho"]), *means)


def settings(table: pd.DataFrame, setting: str) -> Iterator[Row]:
    """Over runs at equal steps; see `settings`."""
    for method, own in table.groupby("method"):
        one = {s: part.iloc[0] for s, part in own.groupby("signal")}
        e = one["estimate"]
        found = (e["rho"], e["low"], e["high"], int(e["runs"]))
        yield Row(str(method), setting, "settings", *found, np.nan, one["over_k"]["rho"])


def table(rows: list[Row]) -> pd.DataFrame:
    """All of them, the methods in their order."""
    found = pd.DataFrame(rows, columns=list(Row._fields))
    order = {m: i for i, m in enumerate(sorted(found["method"].unique(), key=_place))}
    place = {test: i for i, test in enumerate(TESTS)}
    by = found["method"].map(order) * 100 + found["test"].map(place)
    return found.loc[by.sort_values(kind="stable").index].reset_index(drop=True)


def of(found: pd.DataFrame, method: str, setting: str) -> Mapping[str, pd.Series]:
    """The rows of a method in a setting, by test."""
    own = found[(found["method"] == method) & (found["setting"] == setting)]
    return {row["test"]: row for _, row in own.iterrows()}


def word(row: pd.Series) -> Answer:
    """What a row says, in a word; of rises at worst no, since an estimate that does not rise need not fall.

    A critic far from its optimum says little of its objective, so it cannot fail.
    """
    said = answer(row["mean"], row["low"], row["high"])
    if row["finding"] == MOVING and said in ("No", "The wrong way"):
        return "Cannot tell"
    if row["test"] == "rise" and said == WORDS[-1]:
        return "No"
    return said if said in WORDS else "Cannot tell"


def worst(rows: pd.DataFrame) -> Answer | None:
    """The worst word of some rows; None where there is none."""
    return max(map(word, (row for _, row in rows.iterrows())), key=WORDS.index, default=None)


def finding(found: pd.DataFrame, setting: str) -> str:
    """Which methods’ estimates can be read in a setting, and in a second sentence every method’s answer; or nothing."""
    if "test" not in found:
        return ""
    asked = found[(found["setting"] == setting) & found["test"].isin(INTERVENTIONS)]
    groups: dict[str, list[str]] = {}
    for method, own in asked.groupby("method", sort=False):
        groups.setdefault(str(worst(own)), []).append(names.method_label(str(method)))
    if not groups:
        return ""
    place, yes = PLACES[setting], ", ".join(groups.get("Yes", ()))
    first = (
        f"{place} the loss of {yes} can be read as the quality of samples"
        if yes
        else f"{place} no method’s loss is shown to follow the quality of samples under every intervention"
    )
    answers = "; ".join(
        f"{answer.lower()}: {', '.join(groups[answer])}" for answer in WORDS if answer in groups
    )
    count = ("one intervention", "two interventions", "three interventions")[
        asked["test"].nunique() - 1
    ]
    return f"{first}. Worst of {count}: {answers}."


def decisive(found: pd.DataFrame, setting: str) -> pd.DataFrame:
    """Of every method the intervention of a setting with the worst word, and of those the lowest mean."""
    own = found[(found["setting"] == setting) & found["test"].isin(INTERVENTIONS)]
    rank = [(WORDS.index(word(row)), -row["mean"]) for _, row in own.iterrows()]
    order = sorted(range(len(own)), key=rank.__getitem__)
    return own.iloc[order].drop_duplicates("method", keep="last").sort_index()


def _place(method: str) -> tuple[int, str]:
    return names.year(method), method


def _sign(successes: pd.Series) -> Interval:
    """Mean of 1 for a success and -1 for none, with the exact interval of the share (Clopper and Pearson 1934)."""
    count, n = int(successes.sum()), len(successes)
    low, high = rates.interval(count, n)
    return Interval(2 * count / n - 1, 2 * low - 1, 2 * high - 1, n)


def _mean(values: pd.Series) -> Interval:
    return mean_interval(values, within=(-1, 1))
