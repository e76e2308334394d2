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

#: A claim that was tested, so that its numbers say something.
DECIDED = (*HOLDS, WEAKER, NOT_REPLICATED, REVERSED)

#: A test without numbers.
UNTESTED = (NOT_TESTED, NO_TEST)

#: What a claim is tested on, by the tier of a paper.yaml.
SETTINGS = {"T0": "calculation", "T1": "2-D", "T2": "small images", "T3": "paper scale"}


@dataclass(frozen=True)
class Outcome:
    """One test of a claim in one setting; `claim`, `setting` and `test` identify it.

    Attributes:
        claim: its id.
        setting: a value of `SETTINGS`.
        test: its name among the tests of the claim; empty where there is one only.
        panel: that shows the numbers, ``<paper>/<panel>``.
        kind: of test, a key of `rules.RULES`, ``exact`` or ``count``.
        statistic: the value of one seed, in words; in `unit`.
        direction: in which the claim expects it, ``at least`` or ``at most``.
        threshold: the smallest effect of interest, or the margin of an equivalence around `target`.
        null: what the interval must clear (`Criterion.cleared`).
        verdict: one of the words above.
        estimate: NaN where nothing was measured.
        low: of the 95 % interval; NaN where there is none.
        high: likewise.
        n: seeds, or runs, behind the estimate.
        p: raw, of the value that the test must exclude (`null`; a difference as large as the margin; equal
            shares; the rate `rules.FAILING`); NaN where no such test applies.
        note: why the seeds cannot decide and about how many could, or what was left out; may be empty.
        controls: what the set-up had to show first; where one fails the test is `NOT_REACHED`, whatever it found.
        settled: whether the claim took its verdict from this test; exactly one test of a claim has it.
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
    verdict: str = NOT_TESTED
    estimate: float = math.nan
    low: float = math.nan
    high: float = math.nan
    n: int = 0
    p: float = math.nan
    note: str = ""
    controls: tuple[Checked, ...] = ()
    settled: bool = False

    @classmethod
    def of(cls, test: Criterion) -> Outcome:
        """A test before anything was measured; claim and setting are filled in by `verdicts.decide`."""
        return cls(
            claim="",
            setting="",
            test=test.part,
            panel=test.panel,
            kind=test.kind,
            statistic=test.statistic,
            unit=test.unit,
            direction=test.direction,
            threshold=test.threshold,
            target=test.target,
            null=test.cleared,
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
