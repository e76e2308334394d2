"""What a study measured of claims, and one test judged by it.

Evidence maps a key to numbers, one per seed: the claim's id, or ``<id>/<part>`` for a named part of it
(`Claim.keys`). The number is the test's ``statistic`` in its ``unit``. Where several arms are judged, the numbers
stand by arm, or by arms that are compared, `AND` between their names: ``{key: {arm: [...]}}``. The second arm of a
``rate_difference`` stands under the same key with ``@other`` behind it. A panel's module gives its share
with ``evidence(table)``, and may add what a reader must know of a test, counted from the same table, with
``remarks(table) -> dict[str, str]`` under the same keys.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from replication.analysis import labels
from replication.claims import rules, stability
from replication.claims.arms import Planned
from replication.claims.claim import Claim
from replication.claims.controls import Measured, check
from replication.claims.criterion import Criterion
from replication.claims.outcome import NO_TEST, ORDER, Outcome
from replication.plan.study import AND, Study, experiments, matches, planned

OTHER = "@other"

#: One number per seed, or by arm.
Numbers = Sequence[float] | Mapping[str, Sequence[float]]
Evidence = Mapping[str, Numbers]
Remarks = Mapping[str, str]
#: What controls found, by the key of a test and the control's name.
Controls = Mapping[tuple[str, str], Measured]


@dataclass(frozen=True)
class Found:
    """All that a study measured of claims."""

    evidence: Evidence = dataclasses.field(default_factory=dict)
    remarks: Remarks = dataclasses.field(default_factory=dict)
    controls: Controls = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where it was measured.

    Attributes:
        study: its name, that of its profile.
        images: what the setting of its tests on images is called, one of `outcome.SETTINGS`.
        profiles: the arms of every profile that could test a claim.
        experiments: likewise; a profile that is not named has all.
    """

    study: str
    images: str = "small images"
    profiles: Planned = dataclasses.field(default_factory=dict)
    experiments: Planned = dataclasses.field(default_factory=dict)

    @classmethod
    def of(cls, study: Study) -> Place:
        """Of a study."""
        config = study.config
        return cls(study.name, config.budget.images, planned(config), experiments(config))

    def named(self, setting: str) -> str:
        """A test's setting as the study calls it."""
        return self.images if setting == "images" else setting


class EvidenceError(ValueError):
    """Evidence that no claim asks for, or that its test cannot use."""


def outcome_of(claim: Claim, key: str, test: Criterion, found: Found, place: Place) -> Outcome:
    """One test of a claim, judged, with its place and what its panel remarks."""
    numbers = found.evidence.get(key, ())
    by_arm = numbers if isinstance(numbers, Mapping) else {"": numbers}
    judged = [_judged(claim, key, test, values, arm, found) for arm, values in by_arm.items()]
    outcome = dataclasses.replace(
        _worst_arm(judged) if judged else Outcome.of(test),
        claim=claim.id,
        setting=place.named(test.setting),
        panel=test.panel or claim.panel,
    )
    if not outcome.tested:
        return outcome if outcome.panel else dataclasses.replace(outcome, verdict=NO_TEST)
    return outcome.noted(found.remarks.get(key, "")).noted(test.caveat)


def _judged(
    claim: Claim, key: str, test: Criterion, values: Sequence[float], arm: str, found: Found
) -> Outcome:
    """A test of one arm, with the controls of the arms that its name fits; of all where it has none."""
    beside = found.evidence.get(key + OTHER, ())
    other = () if isinstance(beside, Mapping) else beside
    try:
        outcome = rules.judge(test, values, other)
    except ValueError as error:
        raise EvidenceError(f"evidence {key!r}: {error}") from None
    outcome = dataclasses.replace(outcome, arm=arm)
    if not outcome.tested:
        return outcome
    controls = []
    for one in claim.asked_of(test):
        measured = found.controls.get((key, one.control), {})
        own = {name: n for name, n in measured.items() if _concerns(name, arm)}
        controls.append((one, own))
    outcome = outcome.checked(tuple(check(*one) for one in controls))
    if outcome.failed:
        return outcome
    return dataclasses.replace(outcome, again=stability.again(test, values, other, controls))


def _concerns(place: str, arm: str) -> bool:
    """Whether what a control found at a place, an arm or empty, is asked of the arms that are judged."""
    return not (place and arm) or place == arm or matches(place, arm.split(AND))


def _worst_arm(judged: Sequence[Outcome]) -> Outcome:
    """Of several arms the one with the worst verdict; those that were not reached say nothing of the others."""
    tested = [outcome for outcome in judged if outcome.tested] or judged
    reached = [outcome for outcome in tested if not outcome.failed] or tested
    worst = min(reached, key=lambda outcome: ORDER.index(outcome.verdict))
    if not worst.arm:
        return worst
    said = [f"the worst of {len(reached)} arms" if len(reached) > 1 else ""]
    said += [
        f"not reached: {labels.arm(outcome.arm)}" for outcome in tested if outcome not in reached
    ]
    return worst.noted("; ".join(filter(None, said)))
