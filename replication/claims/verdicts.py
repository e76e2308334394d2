"""From a claim and what a study found of it to a verdict for each setting; from all to a study's claims.json."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Sequence
from typing import Any

from replication.analysis import labels
from replication.claims import arms, schema
from replication.claims.claim import Claim
from replication.claims.controls import Checked
from replication.claims.evidence import OTHER, EvidenceError, Found, Place, outcome_of
from replication.claims.outcome import NOT_TESTED, ORDER, Outcome
from replication.claims.verdict import Verdict, plain
from replication.jobs import files
from replication.plan.registry import nearest
from replication.plan.study import Study
from replication.words.numbers import amount

#: A note names so many controls that failed; the others stand with their tests.
FAILED = 2


def decide(claim: Claim, found: Found, place: Place) -> list[Verdict]:
    """The verdicts on a claim, one for each setting in which it has tests.

    Raises:
        EvidenceError: evidence that a test cannot use.
    """
    return [_in_setting(claim, setting, found, place) for setting in claim.settings]


def _in_setting(claim: Claim, setting: str, found: Found, place: Place) -> Verdict:
    tests = {key: test for key, test in claim.keys.items() if test.setting == setting}
    outcomes = [outcome_of(claim, key, test, found, place) for key, test in tests.items()]
    settles = _settles(outcomes, claim.needs)
    settled = outcomes[settles] = dataclasses.replace(outcomes[settles], settled=True)
    note = _note(outcomes, settled)
    if settled.verdict == NOT_TESTED:
        test = list(tests.values())[settles]
        able = arms.studies(claim, test, place.profiles, place.experiments)
        note = "; ".join(filter(None, [note, _who_would(able, place)]))
    return Verdict(
        id=claim.id,
        paper=claim.paper,
        statement=claim.statement,
        setting=place.named(setting),
        verdict=settled.verdict,
        p=_joint_p(outcomes, claim.needs) if settled.tested and not settled.failed else math.nan,
        profile=place.study,
        panel=claim.panel,
        note=note,
        outcomes=tuple(outcomes),
    )


def decide_all(found: Found, place: Place) -> list[Verdict]:
    """Every claim of every paper in each of its settings, in the order of folders and files.

    Raises:
        EvidenceError: evidence, a remark or a control that no claim asks for, or evidence that its test cannot use.
    """
    claims = list(schema.all_claims(schema.papers().values()))
    valid = {key for claim in claims for key in claim.keys}
    asked = {pair for claim in claims for pair in claim.controls_of}
    for key, control in found.controls:
        if (key, control) not in asked:
            raise EvidenceError(f"control {control!r} of {key!r}: no test asks for it")
    for key in [*found.evidence, *found.remarks]:
        if (name := key.removesuffix(OTHER)) not in valid:
            raise EvidenceError(f"evidence {key!r}: no claim asks for it{_hint(name, valid)}")
    return [verdict for claim in claims for verdict in decide(claim, found, place)]


def claims_json(study: Study, found: Found) -> list[dict[str, Any]]:
    """Decide every claim and write the study's claims.json: the list that is returned, a row per claim and setting.

    Numbers have six significant digits; those that are not finite become null.
    """
    rows = [plain(verdict) for verdict in decide_all(found, Place.of(study))]
    files.write_json(study.paths.claims, rows)
    return rows


def _settles(outcomes: Sequence[Outcome], needs: str) -> int:
    """The place of the test on which a claim stands or falls in a setting."""
    choose = max if needs == "any" else min
    return choose(range(len(outcomes)), key=lambda place: ORDER.index(outcomes[place].verdict))


def _joint_p(outcomes: Iterable[Outcome], needs: str) -> float:
    """Of tests that must all hold the largest p; of tests of which any may, the smallest times their number."""
    ps = [one.p for one in outcomes if not math.isnan(one.p) and not one.failed]
    if not ps:
        return math.nan
    return min(1.0, len(ps) * min(ps)) if needs == "any" else max(ps)


def _note(outcomes: Sequence[Outcome], settled: Outcome) -> str:
    alike = [outcome for outcome in outcomes if outcome.verdict == settled.verdict]
    if settled.failed:
        failed = list(dict.fromkeys(one for outcome in alike for one in outcome.failed))
        said = [_lacking(one) for one in failed[:FAILED]]
        more = len(failed) - FAILED
        said += [f"{more} more {'fail' if more > 1 else 'fails'}"] if more > 0 else []
    else:
        named = [
            (outcome.test.replace("_", " ") if len(outcomes) > 1 else "", outcome.note)
            for outcome in alike
            if outcome.note
        ]
        said = [": ".join(filter(None, one)) for one in named]
    missing = [outcome.test or "the main test" for outcome in outcomes if not outcome.tested]
    if 0 < len(missing) < len(outcomes):
        said.insert(0, f"not tested: {', '.join(missing)}")
    return "; ".join(said)


def _who_would(profiles: Sequence[str], place: Place) -> str:
    """Which larger study would test what this one has not; studies stand by size in params.yaml."""
    if place.study in profiles:
        return f"planned in {place.study}, and not all of it has been run"
    order = list(place.profiles)
    larger = order[order.index(place.study) :] if place.study in order else order
    said = " or ".join(
        f"`snakemake --config profile={name}`" for name in profiles if name in larger
    )
    return (
        f"not in {place.study}; {said} would test it"
        if said
        else "no larger profile of params.yaml has its arms"
    )


def _lacking(control: Checked) -> str:
    """What a control found, what was needed, and what would reach it."""
    place = f" in {labels.arm(control.place)}" if control.place else ""
    found = (
        "not measured" if math.isnan(control.value) else f"{amount(control.value)} {control.unit}"
    )
    needed = f"needed {control.direction} {amount(control.threshold)}"
    by = f"; {control.reached_by} would reach it" if control.reached_by else ""
    return f"{control.what}{place}: {found}, {needed}{by}"


def _hint(name: str, valid: set[str]) -> str:
    own = sorted(key for key in valid if key.partition("/")[0] == name.partition("/")[0])
    return f"; valid: {', '.join(own)}" if own else nearest(name, valid)
