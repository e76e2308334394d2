"""`replication doctor`."""

from __future__ import annotations


def doctor() -> int:
    """Check the set-up (versions, device, data, disk) and say what to fix."""
    from replication.cli import doctor as examination

    return examination.main()
