"""`replication show NAME`."""

from __future__ import annotations

from replication.cli.verbs import _base


def show(name: str) -> None:
    """Show a paper, a figure, a claim or an arm in the browser, as `open` does: wgan2017, wgan2017/fig2, WGAN17-C3."""
    from replication.cli import site

    site.serve(site.find(name, _base.study()))
