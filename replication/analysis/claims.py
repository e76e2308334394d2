"""Evidence from the panels' numbers, and results/claims.json from the evidence.

A panel that decides claims has a function ``evidence(table)`` of the table it drew. It is given that
table as its csv holds it, so every verdict can be traced to a file that anyone can open.
"""

from __future__ import annotations

import pandas as pd

from replication import registry, study
from replication.analysis import verdicts


def gather() -> dict[str, list[float]]:
    """The evidence of all panels, by claim.

    Raises:
        EvidenceError: two panels give evidence for the same test of a claim.
    """
    evidence: dict[str, list[float]] = {}
    for panel in registry.witnesses():
        table = pd.read_csv(study.panel_files(panel)[-1])
        if table.empty:  # the profile has none of its runs
            continue
        for key, values in registry.load_panel(panel).evidence(table).items():
            if key in evidence:
                raise verdicts.EvidenceError(
                    f"{panel}: {key} has evidence from another panel; keep one"
                )
            evidence[key] = values
    return evidence


def decide(plan: study.Study) -> None:
    """Decide every claim of every paper, and write results/claims.json."""
    verdicts.claims_json(plan, gather())
