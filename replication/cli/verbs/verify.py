"""`replication verify`."""

from __future__ import annotations

from replication.cli.verbs import _base

OPTIONS = {
    "accept": "where the bits are the same, let the code of now stand for that which made the evidence"
}


def verify(study: str, *, accept: bool = False) -> int:
    """Run the first steps of every arm of a study again, and say whether its evidence still comes out the same.

    Data sets are prepared, classifiers trained and real images scored again too. The exit code is 1 where anything
    comes out otherwise.
    """
    chosen = _base.study(study)
    from replication.cli import terminal
    from replication.evidence import verify as verification

    checks = []
    for check in verification.verify(chosen):
        terminal.show(terminal.checked(check))
        checks.append(check)
    terminal.show(terminal.verified(checks))
    if accept:
        covered = verification.accept(chosen, checks)
        print(f"accepted: the code of now for that of {len(covered)} pieces of evidence")
    return int(not all(check.within for check in checks))
