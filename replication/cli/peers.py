"""What the held-out estimate of this project's own arms has for FID, to compare other training with."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path
from typing import NamedTuple

import numpy as np

from replication.analysis import checkpoints, logs
from replication.analysis.columns import Given
from replication.analysis.logs import LogError
from replication.analysis.statistics import mean_interval
from replication.figures import names
from replication.figures.names import Arm
from replication.jobs.files import ResultsError
from replication.metrics import _base as metrics
from replication.plan.paths import RESULTS
from replication.plan.registry import PACKAGE, UnknownName
from replication.plan.study import kind
from replication.words import numbers

ABSENT = "This project's own arms are not here to compare with; run this in a clone of the project, which has them."


class Peer(NamedTuple):
    """An arm of a study, with means over its seeds of what `replication.analysis.signals` computes.

    Attributes:
        study: its folder's name.
        arm: ``dataset/net/method/variant``.
        spearman: over all checkpoints.
        partial: given the step.
        late: in the late phase.
    """

    study: str
    arm: str
    spearman: float
    partial: float
    late: float


def read(besides: Set[Path]) -> list[Peer]:
    """The arms with an FID in the results of the working folder, else of the clone that the package lies in.

    Args:
        besides: folders of arms that are left out, resolved.
    """
    here = next(
        (r for r in (RESULTS, PACKAGE.parent / RESULTS) if any(r.glob("*/evidence/arms"))), RESULTS
    )
    found = []
    for curves in sorted(here.glob("*/evidence/arms/*/*/*/*/curves.parquet")):
        folder = curves.parent
        points = kind(folder.parts[-4]) == "points"
        if not points and folder.resolve() not in besides and (peer := _peer(folder)) is not None:
            found.append(peer)
    return found


def _peer(folder: Path) -> Peer | None:
    """None where an arm has no FID, or nothing that could be followed."""
    try:
        followed = checkpoints.follow([logs.read(folder)], Given())
    except (LogError, ResultsError):
        return None
    if metrics.parts(followed.columns.quality).metric != "fid":
        return None
    means = (mean_interval(followed.seeds[name]).mean for name in ("spearman", "partial", "late"))
    return Peer(folder.parents[5].name, "/".join(folder.parts[-4:]), *means)


def told(peers: list[Peer], rho: float, partial: float) -> str:
    """Where a correlation lies among those of the arms, and what is left of theirs given the step."""
    known = [peer for peer in peers if np.isfinite(peer.spearman)]
    if not known:
        return ABSENT
    nearest = min(known, key=lambda peer: abs(peer.spearman - rho))
    below = sum(peer.spearman < rho for peer in known)
    text = (
        f"Your ρ of {numbers.plain(rho)} is closest to the {numbers.plain(nearest.spearman)} of "
        f"{_label(nearest, known)}, held-out estimate against FID. {below} of this project's {len(known)} arms "
        "have a lower ρ."
    )
    left = [peer.partial for peer in known if np.isfinite(peer.partial)]
    if not left or not np.isfinite(partial):
        return text
    middle = numbers.plain(float(np.median(left)))
    ends = f"{numbers.plain(min(left))} to {numbers.plain(max(left))}, median {middle}"
    return f"{text} Given the step: yours {numbers.plain(partial)}, theirs {ends}."


def _label(peer: Peer, among: list[Peer]) -> str:
    """``LSGAN, lr 1e-3 (MNIST, 5,000 digits; study laptop)``."""
    arms = [Arm(*one.arm.split("/")) for one in among]
    arm = Arm(*peer.arm.split("/"))
    try:
        name = names.arm_label(arm, arms)
    except UnknownName:  # a method that somebody added, and took out again
        name = peer.arm
    return f"{name} ({names.dataset_label(arm.dataset)}; study {peer.study})"
