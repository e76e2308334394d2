"""A claim in words: the verdict that stands for it, and those of its other settings and studies beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from replication.claims.claim import Claim
from replication.claims.headline import headline, nearest
from replication.claims.verdict import Verdict
from replication.report.marks import Mark
from replication.report.setting import SettingView, in_setting


@dataclass(frozen=True)
class ClaimView:
    """A claim: `head` is the setting that stands for it, `others` are those beside it, nearest the paper's first."""

    id: str
    anchor: str
    statement: str
    where: str
    head: SettingView
    others: list[SettingView]

    @property
    def mark(self) -> Mark:
        """The verdict that stands for the claim."""
        return self.head.mark

    @property
    def settings(self) -> list[SettingView]:
        """All of them, the one that stands for the claim first."""
        return [self.head, *self.others]

    @property
    def beside(self) -> str:
        """The other settings and studies, each with its verdict: ``2-D ✓ replicated, small images … not reached``."""
        return ", ".join(
            f"{one.setting}{'' if one.study == self.head.study else f' in {one.study}'} {one.mark}"
            for one in self.others
        )


def view(verdicts: Sequence[Verdict], source: Claim | None, shown: set[str]) -> ClaimView:
    """One claim in words.

    Args:
        verdicts: what became of it in all settings and studies, the largest study last.
        source: its entry in paper.yaml; None where the paper no longer has it.
        shown: the panels that can be linked.
    """
    head = headline(verdicts, source)
    return ClaimView(
        id=head.id,
        anchor=f"claim-{head.id.lower()}",
        statement=head.statement,
        where=source.where if source else "",
        head=in_setting(head, source, shown),
        others=[
            in_setting(one, source, shown)
            for one in _worth_telling(verdicts, source)
            if one is not head
        ],
    )


def _worth_telling(verdicts: Sequence[Verdict], source: Claim | None) -> list[Verdict]:
    """By setting the verdicts of all studies that tested the claim there, else the one that says most."""
    told: list[Verdict] = []
    for setting in nearest(source):
        own = [one for one in verdicts if one.setting == setting]
        tested = [one for one in own if one.settled.tested]
        told += tested[::-1] or ([headline(own, source)] if own else [])
    return told
