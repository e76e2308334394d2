"""A study with invented results, drawn and reported once for all tests of this folder."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))

import synthetic

from replication.figures import names
from replication.figures.names import Arm
from replication.figures.results import Frames
from replication.plan.study import Study
from replication.report import build, curves


@dataclass
class Built:
    """A working folder that holds results and the report made from them."""

    folder: Path
    study: Study

    def read(self, name: str) -> str:
        """A page."""
        return (self.folder / "reports" / name).read_text(encoding="utf-8")

    def table(self, name: str) -> pd.DataFrame:
        """One of the study's tables."""
        path = self.folder / self.study.paths.table(name)
        return pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)

    def numbers(self, panel: str) -> pd.DataFrame:
        """The csv of a panel."""
        return pd.read_csv(self.folder / self.study.paths.panel(panel)[-1])

    @property
    def claims(self) -> Path:
        return self.folder / self.study.paths.claims


def make(folder: Path, **config: object) -> Built:
    """Invent results in a folder, draw the panels and write the report."""
    with contextlib.chdir(folder):
        study = Study(synthetic.config(**config))
        synthetic.write(study)
        synthetic.draw(study)
        build.build(study)
    return Built(folder, study)


@pytest.fixture(autouse=True, scope="session")
def equal_curves_are_drawn_once() -> Iterator[None]:
    """Of a page of an arm its curves take most of the time, and a report that is written again has the same ones."""
    drawn, kept = curves.drawn, dict[tuple[Any, ...], str]()

    def once(frames: Frames, arm: Arm) -> str:
        rows = [names.rows_of(table, arm) for table in (frames.curves, frames.quality)]
        key = (arm, *(int(pd.util.hash_pandas_object(own).sum()) for own in rows))
        if key not in kept:
            kept[key] = drawn(frames, arm)
        return kept[key]

    with patch.object(curves, "drawn", once):
        yield


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Six seeds, one diverged run."""
    return make(tmp_path_factory.mktemp("six"))


@pytest.fixture(scope="session")
def sparse(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Two seeds, so no interval anywhere."""
    return make(tmp_path_factory.mktemp("two"), seeds=2, methods=["gan_ns", "wgan_gp"])


@pytest.fixture
def inside(built: Built) -> Iterator[Built]:
    """The study of six seeds, as the working folder."""
    with contextlib.chdir(built.folder):
        yield built


#: Between what a cell says and what it has in small type.
SMALL = "\x1f"


class Page(HTMLParser):
    """The tags of a page with their attributes, and its tables as lists of rows of cell texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.tables: list[list[list[str]]] = []
        self.kinds: list[str] = []
        self._cell = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {k: v or "" for k, v in attrs}))
        if tag == "table":
            self.tables.append([])
            self.kinds.append(dict(attrs).get("class") or "")
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self._cell = True
        elif tag == "small" and self._cell:
            self.tables[-1][-1][-1] += SMALL

    def handle_endtag(self, tag: str) -> None:
        self._cell = self._cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.tables[-1][-1][-1] += data


@pytest.fixture(scope="session")
def page(built: Built) -> Page:
    return Page(built.read("index.html"))


@pytest.fixture(scope="session")
def ground(built: Built) -> Page:
    return Page(built.read("theory.html"))
