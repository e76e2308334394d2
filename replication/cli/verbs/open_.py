"""`replication open`."""

from __future__ import annotations


def open_() -> None:
    """Show the report in the browser: it is served on this machine until you press Ctrl-C."""
    from replication.cli import site
    from replication.report import pages

    site.serve(pages.MAIN)
