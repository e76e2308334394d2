"""The report in a browser: every name leads to its place, and nothing else than the report is served."""

from __future__ import annotations

import contextlib
import threading
import urllib.error
import urllib.request
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from replication.cli import site
from replication.figures.results import MissingResult
from replication.plan.registry import UnknownName
from replication.plan.study import Study


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("wgan2017", "wgan2017.html"),
        ("wgan2017/fig3_4", "wgan2017.html#wgan2017-fig3-4"),
        ("theory/piles", "theory_transport.html#theory-piles"),
        ("wgan17-c3", "wgan2017.html#claim-wgan17-c3"),
        ("failures", "failures.html"),
        ("mnist_5k/dcgan_8/wgan_clip/paper", "arms/laptop/mnist_5k-dcgan_8-wgan_clip-paper.html"),
    ],
)
def test_a_name_leads_to_its_place(name: str, place: str) -> None:
    assert site.find(name, Study()) == place


def test_an_unknown_name_is_told_the_nearest() -> None:
    with pytest.raises(UnknownName, match="no 'wgan201'; did you mean 'wgan2017'"):
        site.find("wgan201", Study())


def test_without_a_report_the_remedy_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        MissingResult, match=r"index\.html: no such page; make it with: replication report"
    ):
        site.serve("index.html")


def test_the_report_and_the_results_are_served_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (
        "reports/index.html",
        "results/laptop/summary.csv",
        "secret.txt",
        "reports_of_others/a.txt",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(site.Quiet, directory=".")) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def asked(path: str) -> str:
            with contextlib.suppress(urllib.error.HTTPError):
                address = f"http://127.0.0.1:{server.server_port}/{path}"
                with urllib.request.urlopen(address) as answer:
                    return str(answer.read().decode())
            return ""

        assert asked("reports/index.html?x#y") == "reports/index.html"
        assert asked("results/laptop/summary.csv") == "results/laptop/summary.csv"
        for path in (
            "secret.txt",
            "reports/../secret.txt",
            "reports/%2e%2e/secret.txt",
            "reports_of_others/a.txt",
            "",
        ):
            assert asked(path) == ""
        server.shutdown()
