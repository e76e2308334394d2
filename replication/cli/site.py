"""The report in a browser: served on this machine alone, since some browsers keep scripts of files apart."""

from __future__ import annotations

import posixpath
import sys
import webbrowser
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from replication.claims import schema
from replication.evidence import growing
from replication.figures.results import MissingResult
from replication.plan import registry
from replication.plan.paths import REPORTS, RESULTS
from replication.plan.registry import UnknownName
from replication.plan.study import Study
from replication.report import pages


class Quiet(SimpleHTTPRequestHandler):
    """Gives files of the report and of the results, and writes no log."""

    def translate_path(self, path: str) -> str:
        """The file of a request; of one for anything else a file that is not there."""
        asked = posixpath.normpath(unquote(urlsplit(path).path)).lstrip("/")
        allowed = f"{asked}/".startswith((f"{REPORTS}/", f"{RESULTS}/"))
        return super().translate_path(path if allowed else "/no-such-file")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


def find(name: str, study: Study) -> str:
    """The place of a page, paper, figure, claim or arm in the report: ``wgan2017.html#claim-wgan17-c3``.

    Args:
        name: such as ``methods``, ``wgan2017``, ``wgan2017/fig2``, ``WGAN17-C3``, ``mnist_5k/mlp/wgan_gp/paper``.
        study: any of params.yaml.

    Raises:
        UnknownName: there is no such thing; the message names the nearest.
    """
    places = {stem: pages.of(stem) for stem in (*pages.STUDY, *pages.papers())}
    places |= {panel: f"{pages.of(panel)}#{pages.anchor(panel)}" for panel in registry.panels()}
    for one in schema.all_claims(schema.papers().values()):
        places[one.id] = f"{pages.of(one.paper)}#claim-{one.id.lower()}"
    for other in growing.found(study):
        places |= {arm: pages.of_arm(other.name, arm) for arm in growing.whole(other)}
    by_case = {known.lower(): place for known, place in places.items()}
    if name.lower() not in by_case:
        raise UnknownName(f"the report has no {name!r}{registry.nearest(name, places)}")
    return by_case[name.lower()]


def serve(place: str) -> None:
    """Serve the report until interrupted, and open a place of it in the browser.

    Raises:
        MissingResult: the report is not there.
    """
    if not (REPORTS / place.partition("#")[0]).exists():
        raise MissingResult(f"{REPORTS / place}: no such page; make it with: replication report")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=".")) as server:
        address = f"http://127.0.0.1:{server.server_port}/{REPORTS}/{place}"
        print(f"{address}  (Ctrl-C ends it)", file=sys.stderr)
        webbrowser.open(address)
        server.serve_forever()
