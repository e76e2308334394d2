"""What became of one test of a claim: the record that the rules make, claims.json keeps and the report shows."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from replication.claims.controls import Checked
from replication.claims.criterion import Criterion

VERIFIED = "verified"  # of a calculation
REPLICATED = "replicated"
WEAKER = "weaker"
NOT_REPLICATED = "not replicated"
REVERSED = "reversed"
INCONCLUSIVE = "inconclusive"
NOT_REACHED = "not reached"
NOT_TESTED = "not tested"
NO_TEST = "no test written"

#: A claim that holds.
HOLDS = (VERIFIED, REPLICATED)

#: A claim that was tested and decided.
DECIDED = (*HOLDS, WEAKER, NOT_REPLICATED, REVERSED)

#: The verdicts of tests whose controls hold, so that their numbers say something.
REACHED = (*DECIDED, INCONCLUSIVE)

#: Worst first: a claim that needs all its tests is as good as the worst, one that needs any as the best.
ORDER = (
    REVERSED, NOT_REPLICATED, WEAKER, INCONCLUSIVE, NOT_REACHED, NO_TEST, NOT_TESTED, REPLICATED, VERIFIED,
)  # fmt: skip

#: A test without numbers.
UNTESTED = (NOT_TESTED, NO_TEST)

#: Where claims are tested, as studies name it: from nothing trained to what the papers trained.
SETTINGS = ("calculation", "2-D", "small images", "images", "paper scale")


@dataclass(frozen=True)
class Outcome:
    """One test of a claim in one setting; `claim`, `setting` and `test` identify it.

    Attributes:
        claim: its id.
        setting: one of `SETTINGS`.
        test: its name among the tests of the claim; empty where there is one only.
        arm: of several arms that were judged the one with the worst verdict; empty where none is told apart.
        panel: that shows the numbers, ``<paper>/<panel>``.
        kind: of test, a key of `rules.RULES`, ``exact`` or ``count``.
        statistic: the value of one seed, in words; in `unit`.
        direction: in which the claim expects it, ``at least`` or ``at most``.
        threshold: the smallest effect of interest, or the margin of an equivalence around `target`.
        null: what the interval must clear (`Criterion.cleared`).
        over: what the interval is over, such as seeds; empty where there is no chance.
        verdict: one of the words above.
        estimate: NaN where nothing was measured.
        low: of the 95 % interval; NaN where there is none.
        high: likewise.
        n: how many of what it is over stand behind the estimate.
        p: raw, of the value that the test must exclude (`null`; a difference as large as the margin; equal
            shares; the rate `rules.FAILING`); NaN where no such test applies.
        again: the share of new sets of seeds that would give this verdict (`stability.again`); NaN without chance, and
            where a control failed.
        note: why the seeds cannot decide and about how many could, or what was left out; may be empty.
        controls: what the set-up had to show first; where one fails the test is `NOT_REACHED`, whatever it found.
        settled: whether the claim took its verdict in the setting from this test; exactly one test of a setting has it.
    """

    claim: str
    setting: str
    test: str
    panel: str | None
    kind: str
    statistic: str
    unit: str
    direction: str
    threshold: float
    target: float
    null: float
    over: str
    verdict: str = NOT_TESTED
    estimate: float = math.nan
    low: float = math.nan
    high: float = math.nan
    n: int = 0
    p: float = math.nan
    again: float = math.nan
    note: str = ""
    controls: tuple[Checked, ...] = ()
    settled: bool = False
    arm: str = ""

    @classmethod
    def of(cls, test: Criterion) -> Outcome:
        """A test before anything was measured; `evidence.outcome_of` fills in claim and setting."""
        return cls(
            claim="",
            setting=test.setting,
            test=test.part,
            panel=test.panel,
            kind=test.kind,
            statistic=test.statistic,
            unit=test.unit,
            direction=test.direction,
            threshold=test.threshold,
            target=test.target,
            null=test.cleared,
            over=test.over or "",
        )

    @property
    def tested(self) -> bool:
        """Whether anything was measured."""
        return self.verdict not in UNTESTED

    @property
    def failed(self) -> list[Checked]:
        """The controls that do not hold."""
        return [control for control in self.controls if not control.holds]

    def checked(self, controls: tuple[Checked, ...]) -> Outcome:
        """With its controls; it says nothing of the claim unless all of them hold."""
        known = replace(self, controls=controls)
        return replace(known, verdict=NOT_REACHED) if self.tested and known.failed else known

    def noted(self, text: str) -> Outcome:
        """With one more note, unless it is empty."""
        return replace(self, note="; ".join(filter(None, [self.note, text])))
