"""Of all verdicts on a claim, over studies and settings, the one that stands for it. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from replication.claims.claim import Claim
from replication.claims.outcome import NO_TEST, NOT_REACHED, NOT_TESTED, REACHED, SETTINGS
from replication.claims.verdict import Verdict

#: Of what was not reached anywhere, the words that say most first.
UNREACHED = (NOT_REACHED, NOT_TESTED, NO_TEST)


def headline(verdicts: Sequence[Verdict], claim: Claim | None) -> Verdict:
    """The verdict of the setting nearest the paper's among those that were reached; verdicts are never averaged.

    The paper's own setting is nearest (`Claim.native`: images of any size unless it says otherwise), then the larger
    one. Of the same setting in several studies the last counts. Where none was reached: not reached before not
    tested before no test written.

    Args:
        verdicts: on one claim, one or more, those of the largest study last.
        claim: as paper.yaml has it; None where it no longer does.
    """
    order = nearest(claim)
    return max(
        enumerate(verdicts),
        key=lambda pair: (_rank(pair[1]), -order.index(pair[1].setting), pair[0]),
    )[1]


def nearest(claim: Claim | None) -> tuple[str, ...]:
    """All settings, those nearest the paper's first."""
    large_first = SETTINGS[::-1]
    if claim is None or claim.native == "images":
        return large_first
    return (claim.native, *(setting for setting in large_first if setting != claim.native))


def by_setting(verdicts: Sequence[Verdict], claim: Claim | None) -> Mapping[str, Verdict]:
    """The verdict of each setting that has one, nearest first; of several studies as in `headline`."""
    found = {v: [one for one in verdicts if one.setting == v] for v in nearest(claim)}
    return {setting: headline(own, claim) for setting, own in found.items() if own}


def _rank(verdict: Verdict) -> int:
    """How much a verdict says: more is more."""
    return len(UNREACHED) if verdict.verdict in REACHED else -UNREACHED.index(verdict.verdict)
