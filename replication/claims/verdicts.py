"""From a claim and the evidence of its panel to a verdict; from all verdicts to a study's claims.json.

Evidence maps a key to numbers, one per seed: the claim's id, or ``<id>/<part>`` for a named part of it
(`Claim.keys`). The number is the test's ``statistic`` in its ``unit``. The second arm of a
``rate_difference`` stands under the same key with ``@other`` behind it. A panel's module gives its share
with ``evidence(table) -> dict[str, list[float]]``, and may add what a reader must know of a test, counted
from the same table, with ``remarks(table) -> dict[str, str]`` under the same keys.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from replication.claims import rules, schema
from replication.claims.controls import Checked, Measured, check
from replication.claims.criterion import Criterion
from replication.claims.outcome import (
    INCONCLUSIVE,
    NO_TEST,
    NOT_REACHED,
    NOT_REPLICATED,
    NOT_TESTED,
    REPLICATED,
    REVERSED,
    SETTINGS,
    VERIFIED,
    WEAKER,
    Outcome,
)
from replication.claims.schema import Claim
from replication.claims.verdict import Verdict, plain
from replication.jobs import files
from replication.plan.registry import nearest
from replication.plan.study import Study
from replication.words.numbers import amount

#: Worst first: a claim that needs all its tests is as good as the worst, one that needs any as the best.
ORDER = (
    REVERSED, NOT_REPLICATED, WEAKER, INCONCLUSIVE, NOT_REACHED, NO_TEST, NOT_TESTED, REPLICATED, VERIFIED,
)  # fmt: skip

#: The cheapest profile whose budget a tier needs.
PROFILE_OF = {"T0": "laptop", "T1": "laptop", "T2": "workstation", "T3": "paper"}

OTHER = "@other"

#: A note names so many controls that failed; the others stand with their tests.
FAILED = 2

Evidence = Mapping[str, Sequence[float]]
Remarks = Mapping[str, str]
#: What controls found, by the key of a test and the control's name.
Controls = Mapping[tuple[str, str], Measured]
NOTHING: Mapping[Any, Any] = {}


class EvidenceError(ValueError):
    """Evidence that no claim asks for, or that its test cannot use."""


def decide(
    claim: Claim,
    evidence: Evidence,
    profile: str,
    remarks: Remarks = NOTHING,
    controls: Controls = NOTHING,
) -> Verdict:
    """The verdict on a claim under a profile.

    Raises:
        EvidenceError: evidence that a test cannot use.
    """
    outcomes = [
        _outcome(claim, key, test, evidence, profile, remarks, controls)
        for key, test in claim.keys.items()
    ]
    settles = _settles(outcomes, claim.needs)
    settled = outcomes[settles] = dataclasses.replace(outcomes[settles], settled=True)
    return Verdict(
        id=claim.id,
        paper=claim.paper,
        statement=claim.statement,
        tier=tier(claim, profile, settled),
        verdict=settled.verdict,
        p=_joint_p(outcomes, claim.needs) if settled.tested and not settled.failed else math.nan,
        profile=profile,
        panel=claim.panel,
        note=_note(claim, outcomes, settled),
        outcomes=tuple(outcomes),
    )


def tier(claim: Claim, profile: str, outcome: Outcome) -> str:
    """The scale at which a profile runs a test: the paper's own under ``paper``, else the claim's cheapest.

    Of a claim that both a calculation and something dearer speak of, a test over seeds is the dearer one.
    """
    if profile == "paper":
        return claim.tiers[-1]
    over_seeds = outcome.tested and outcome.kind not in rules.WITHOUT_CHANCE
    return claim.tiers[:2][-1] if over_seeds and claim.tiers[0] == "T0" else claim.tiers[0]


def decide_all(
    evidence: Evidence, profile: str, remarks: Remarks = NOTHING, controls: Controls = NOTHING
) -> list[Verdict]:
    """Every claim of every paper, in the order of folders and files.

    Raises:
        EvidenceError: evidence, a remark or a control that no claim asks for, or evidence that its test cannot use.
    """
    claims = list(schema.all_claims(schema.papers().values()))
    valid = {key for claim in claims for key in claim.keys}
    asked = {pair for claim in claims for pair in claim.controls_of}
    for key, control in controls:
        if (key, control) not in asked:
            raise EvidenceError(f"control {control!r} of {key!r}: no test asks for it")
    for key in [*evidence, *remarks]:
        if (name := key.removesuffix(OTHER)) not in valid:
            raise EvidenceError(f"evidence {key!r}: no claim asks for it{_hint(name, valid)}")
    return [decide(claim, evidence, profile, remarks, controls) for claim in claims]


def claims_json(
    study: Study, evidence: Evidence, remarks: Remarks = NOTHING, controls: Controls = NOTHING
) -> list[dict[str, Any]]:
    """Decide every claim and write the study's claims.json: the list that is returned.

    Numbers have six significant digits; those that are not finite become null.
    """
    verdicts = decide_all(evidence, study.config.profile, remarks, controls)
    rows = [plain(verdict) for verdict in verdicts]
    files.write_json(study.paths.claims, rows)
    return rows


def _outcome(
    claim: Claim,
    key: str,
    test: Criterion,
    evidence: Evidence,
    profile: str,
    remarks: Remarks,
    controls: Controls,
) -> Outcome:
    """One test of a claim, judged, with its place and what its panel remarks."""
    try:
        found = rules.judge(test, evidence.get(key, ()), evidence.get(key + OTHER, ()))
    except ValueError as error:
        raise EvidenceError(f"evidence {key!r}: {error}") from None
    found = dataclasses.replace(
        found,
        claim=claim.id,
        setting=SETTINGS[tier(claim, profile, found)],
        panel=test.panel or claim.panel,
    )
    if not found.tested:
        return found if found.panel else dataclasses.replace(found, verdict=NO_TEST)
    checks = [check(one, controls.get((key, one.control), {})) for one in claim.asked_of(test)]
    return found.checked(tuple(checks)).noted(remarks.get(key, "")).noted(test.caveat)


def _settles(outcomes: Sequence[Outcome], needs: str) -> int:
    """The place of the test on which a claim stands or falls."""
    places: Sequence[int] = range(len(outcomes))
    if needs == "measured":
        tested = [place for place in places if outcomes[place].tested]
        places = [place for place in tested if not outcomes[place].failed] or tested or places
    choose = max if needs == "any" else min
    return choose(places, key=lambda place: ORDER.index(outcomes[place].verdict))


def _joint_p(outcomes: Iterable[Outcome], needs: str) -> float:
    """Of tests that must all hold the largest p; of tests of which any may, the smallest times their number."""
    ps = [one.p for one in outcomes if not math.isnan(one.p) and not one.failed]
    if not ps:
        return math.nan
    return min(1.0, len(ps) * min(ps)) if needs == "any" else max(ps)


def _note(claim: Claim, outcomes: Sequence[Outcome], settled: Outcome) -> str:
    alike = [outcome for outcome in outcomes if outcome.verdict == settled.verdict]
    if settled.failed:
        failed = list(dict.fromkeys(one for outcome in alike for one in outcome.failed))
        said = [_lacking(one) for one in failed[:FAILED]]
        said += [f"{len(failed) - FAILED} more fail"] if len(failed) > FAILED else []
    else:
        said = [": ".join(filter(None, [outcome.test.replace("_", " "), outcome.note]))
                for outcome in alike if outcome.note]  # fmt: skip
    missing = [outcome.test or "the main test" for outcome in outcomes if not outcome.tested]
    if 0 < len(missing) < len(outcomes):
        said.insert(0, f"not tested: {', '.join(missing)}")
    if not settled.tested:
        first = claim.tiers[0]
        panel = f"; see {claim.panel}" if claim.panel else ""
        said.append(f"needs {first} (profile {PROFILE_OF[first]}){panel}")
    return "; ".join(said)


def _lacking(control: Checked) -> str:
    """What a control found, what it asks for, and what would reach it."""
    place = f" in {control.place}" if control.place else ""
    found = "not measured" if math.isnan(control.value) else amount(control.value)
    asked = f"{control.direction} {amount(control.threshold)} {control.unit} asked for"
    by = f"; {control.reached_by} would reach it" if control.reached_by else ""
    return f"{control.what}{place}: {found}, {asked}{by}"


def _hint(name: str, valid: set[str]) -> str:
    own = sorted(key for key in valid if key.partition("/")[0] == name.partition("/")[0])
    return f"; valid: {', '.join(own)}" if own else nearest(name, valid)
