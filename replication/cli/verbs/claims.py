"""`replication claims`."""

from __future__ import annotations

from replication.cli.verbs import _base

OPTIONS = {
    "study": "whose verdicts; without it, decide those of params.yaml's profile, and print those of all studies",
    "paper": "print the verdicts on this paper, such as wgan2017, as they stand; decide nothing",
}


def claims(*, paper: str | None = None, study: str | None = None) -> None:
    """Decide the papers' claims by the panels' numbers of a study, or print those of one paper by setting.

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
        from replication.plan.paths import Paths

        known = map(Paths.of, chosen.config.profiles if study is None else ())
        there = [paths for paths in known if paths.claims.exists()]
        terminal.show(terminal.verdicts(paper, there or [chosen.paths]))
