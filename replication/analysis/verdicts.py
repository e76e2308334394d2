"""From a claim and the evidence of its panel to a verdict; from all verdicts to results/claims.json.

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
from dataclasses import dataclass
from typing import Any

import pandas as pd

from replication import files
from replication.analysis import rules
from replication.analysis.rules import INCONCLUSIVE, NOT_REPLICATED, NOT_TESTED, REPLICATED, Finding
from replication.analysis.statistics import spearman
from replication.papers import _schema
from replication.papers._schema import Claim, Criterion
from replication.registry import nearest
from replication.study import RESULTS, Study

CLAIMS = RESULTS / "claims.json"

#: Worst first: a claim that needs all its tests is as good as the worst, one that needs any as the best.
ORDER = (NOT_REPLICATED, INCONCLUSIVE, NOT_TESTED, REPLICATED)

#: The cheapest profile whose budget a tier needs.
PROFILE_OF = {"T0": "laptop", "T1": "laptop", "T2": "workstation", "T3": "paper"}

OTHER = "@other"

Evidence = Mapping[str, Sequence[float]]
Remarks = Mapping[str, str]
NOTHING: Remarks = {}


class EvidenceError(ValueError):
    """Evidence that no claim asks for, or that its test cannot use."""


@dataclass(frozen=True)
class Part:
    """What one test of a claim found, and the panel that shows it."""

    part: str
    kind: str
    statistic: str
    unit: str
    direction: str
    threshold: float
    verdict: str
    effect: float
    ci_low: float
    ci_high: float
    n_seeds: int
    p: float
    note: str
    panel: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What became of a claim. Effect, interval and seeds are those of the test that settled it.

    Attributes:
        p: raw, of all tests together: the largest where all must hold. NaN where no test has one.
        p_holm: `p` corrected for the claims of the paper (Holm 1979), by `corrected`.
        panel: the claim's own; a part's may be another (`Part.panel`).
        note: of the tests that settled it, why they cannot decide and what else a reader must know; which
            budget could decide.
    """

    id: str
    paper: str
    statement: str
    tier: str
    verdict: str
    effect: float
    ci_low: float
    ci_high: float
    n_seeds: int
    p: float
    p_holm: float
    profile: str
    panel: str | None
    note: str
    unit: str
    parts: tuple[Part, ...]


def decide(claim: Claim, evidence: Evidence, profile: str, remarks: Remarks = NOTHING) -> Verdict:
    """The verdict on a claim under a profile.

    Raises:
        EvidenceError: evidence that a test cannot use.
    """
    parts = tuple(
        _part(test, _judge(key, test, evidence), claim.panel, remarks.get(key, ""))
        for key, test in claim.keys.items()
    )
    settled = _settled(parts, claim.needs)
    return Verdict(
        claim.id,
        claim.paper,
        claim.statement,
        tier(claim, profile, settled),
        settled.verdict,
        settled.effect,
        settled.ci_low,
        settled.ci_high,
        settled.n_seeds,
        p=math.nan if settled.verdict == NOT_TESTED else _joint_p(parts, claim.needs),
        p_holm=math.nan,
        profile=profile,
        panel=claim.panel,
        note=_note(claim, parts, settled),
        unit=settled.unit,
        parts=parts,
    )


def tier(claim: Claim, profile: str, settled: Part) -> str:
    """The scale at which a profile decides a claim: the paper's own under ``paper``, else the cheapest.

    Of a claim that both a calculation and something dearer speak of, a test over seeds is the dearer one.
    """
    if profile == "paper":
        return claim.tiers[-1]
    over_seeds = settled.verdict != NOT_TESTED and settled.kind not in rules.WITHOUT_CHANCE
    return claim.tiers[:2][-1] if over_seeds and claim.tiers[0] == "T0" else claim.tiers[0]


def corrected(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts of one paper with `p_holm`; a replicated claim that it does not leave below 5 % says so."""
    adjusted = holm([verdict.p for verdict in verdicts])
    return [_with_holm(verdict, p) for verdict, p in zip(verdicts, adjusted, strict=True)]


def holm(ps: Sequence[float]) -> list[float]:
    """Holm's step-down adjustment (1979): claims with an adjusted p of 5 % or less hold jointly at 5 %.

    Args:
        ps: raw p values; NaN enters no count and stays NaN.
    """
    order = sorted((i for i, p in enumerate(ps) if not math.isnan(p)), key=lambda i: ps[i])
    adjusted, running = [math.nan] * len(ps), 0.0
    for rank, i in enumerate(order):
        running = max(running, min(1.0, (len(order) - rank) * ps[i]))
        adjusted[i] = running
    return adjusted


def decide_all(evidence: Evidence, profile: str, remarks: Remarks = NOTHING) -> list[Verdict]:
    """Every claim of every paper, in the order of folders and files.

    Raises:
        EvidenceError: evidence or a remark that no claim asks for, or evidence that its test cannot use.
    """
    papers = _schema.papers()
    valid = {key for claim in _schema.all_claims(papers.values()) for key in claim.keys}
    for key in [*evidence, *remarks]:
        if (name := key.removesuffix(OTHER)) not in valid:
            raise EvidenceError(f"evidence {key!r}: no claim asks for it{_hint(name, valid)}")
    found = []
    for paper in papers.values():
        found += corrected([decide(claim, evidence, profile, remarks) for claim in paper.claims])
    return found


def claims_json(
    study: Study, evidence: Evidence, remarks: Remarks = NOTHING
) -> list[dict[str, Any]]:
    """Decide every claim and write results/claims.json: the list that is returned.

    Numbers have six significant digits; those that are not finite become null.
    """
    verdicts = decide_all(evidence, study.config.profile, remarks)
    rows = [_plain(dataclasses.asdict(verdict)) for verdict in verdicts]
    files.write_json(CLAIMS, rows)
    return rows


def seed_correlations(table: pd.DataFrame, x: str, y: str) -> list[float]:
    """Spearman's correlation of two columns within each seed, over its checkpoints; NaN where undefined."""
    return [spearman(own[x], own[y]) for _, own in table.groupby("seed", sort=True)]


def _judge(key: str, test: Criterion, evidence: Evidence) -> Finding:
    try:
        return rules.judge(test, evidence.get(key, ()), evidence.get(key + OTHER, ()))
    except ValueError as error:
        raise EvidenceError(f"evidence {key!r}: {error}") from None


def _settled(parts: Sequence[Part], needs: str) -> Part:
    """The test on which a claim stands or falls."""
    if needs == "measured":
        parts = [part for part in parts if part.verdict != NOT_TESTED] or parts
    choose = max if needs == "any" else min
    return choose(parts, key=lambda part: ORDER.index(part.verdict))


def _part(test: Criterion, found: Finding, panel: str | None, remark: str) -> Part:
    remark = "" if found.verdict == NOT_TESTED else remark
    return Part(
        part=test.part,
        kind=test.kind,
        statistic=test.statistic,
        unit=test.unit,
        direction=test.direction,
        threshold=test.threshold,
        verdict=found.verdict,
        effect=found.effect,
        ci_low=found.low,
        ci_high=found.high,
        n_seeds=found.n,
        p=found.p,
        note="; ".join(filter(None, [found.note, remark])),
        panel=test.panel or panel,
    )


def _joint_p(parts: Iterable[Part], needs: str) -> float:
    """Of tests that must all hold the largest p; of tests of which any may, the smallest times their number."""
    ps = [part.p for part in parts if not math.isnan(part.p)]
    if not ps:
        return math.nan
    return min(1.0, len(ps) * min(ps)) if needs == "any" else max(ps)


def _note(claim: Claim, parts: Sequence[Part], settled: Part) -> str:
    said = [
        ": ".join(filter(None, [part.part.replace("_", " "), part.note]))
        for part in parts
        if part.note and part.verdict == settled.verdict
    ]
    missing = [part.part or "the main test" for part in parts if part.verdict == NOT_TESTED]
    if 0 < len(missing) < len(parts):
        said.insert(0, f"not tested: {', '.join(missing)}")
    if settled.verdict == NOT_TESTED:
        first = claim.tiers[0]
        panel = f"see {claim.panel}" if claim.panel else "no panel measures it yet"
        said.append(f"needs {first} (profile {PROFILE_OF[first]}); {panel}")
    return "; ".join(said)


def _with_holm(verdict: Verdict, p: float) -> Verdict:
    note = verdict.note
    if verdict.verdict == REPLICATED and p > 0.05:
        said = f"p = {p:.2g} after Holm's correction for the other claims of the paper"
        note = "; ".join(filter(None, [note, said]))
    return dataclasses.replace(verdict, p_holm=p, note=note)


def _hint(name: str, valid: set[str]) -> str:
    own = sorted(key for key in valid if key.partition("/")[0] == name.partition("/")[0])
    return f"; valid: {', '.join(own)}" if own else nearest(name, valid)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value + 0.0:.6g}") if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
