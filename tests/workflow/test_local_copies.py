"""Where results live in a bucket, Snakemake's local copies are links to the study's own folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from replication.jobs.buckets import link
from replication.plan.config import ConfigError


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "study").mkdir()
    monkeypatch.chdir(tmp_path / "study")
    return tmp_path / "study"


COPY = Path(".snakemake/storage/s3/bucket/results")


def test_what_a_verb_writes_is_the_local_copy_also_after_a_move(study: Path) -> None:
    for _ in range(2):  # a second start finds the link of the first
        link(COPY, Path("results"))
    (study / "results" / "one").write_text("1")
    assert (study / COPY / "one").read_text() == "1"
    moved = study.rename(study.with_name("moved"))
    assert (moved / COPY / "one").read_text() == "1"
    assert [path.name for path in (moved / COPY).parent.iterdir()] == ["results"]


def test_copies_that_are_no_link_are_not_thrown_away(study: Path) -> None:
    COPY.mkdir(parents=True)
    (COPY / "one").write_text("1")
    with pytest.raises(ConfigError, match=r"results: local copies of a bucket.* delete them"):
        link(COPY, Path("results"))
    assert (COPY / "one").read_text() == "1"
