"""`replication claims`."""

from __future__ import annotations

from replication.cli.verbs import _base

OPTIONS = {
    "study": "whose verdicts; without it, those of the profile of params.yaml",
    "paper": "print the verdicts on this paper, such as wgan2017, as they stand; decide nothing",
}


def claims(*, paper: str | None = None, study: str | None = None) -> None:
    """Decide the papers' claims by the panels' numbers of a study, or print those of one paper.

    Deciding writes results/<study>/claims.json; with --paper it is only read.
    """
    chosen = _base.study(study)
    if paper is None:
        from replication.claims import decide as decisions
        from replication.jobs import checksums

        path = chosen.paths.claims
        with checksums.sealed(path.with_suffix(".sha256"), [path]):
            decisions.decide(chosen)
    else:
        from replication.cli import terminal

        terminal.show(terminal.verdicts(paper, chosen.paths))
