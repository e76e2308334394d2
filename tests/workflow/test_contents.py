"""What a folder holds, as one string: its contents count, dates do not, and nothing is read twice."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from replication.jobs import contents, files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.png", "cats/b.png", "cats/c.png", ".hidden/d.png"):
        (tmp_path / "set" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "set" / name).write_bytes(name.encode())
    return tmp_path / "set"


@pytest.fixture
def of(tmp_path: Path):
    return lambda path: contents.of_images(path, tmp_path / "known")


def renamed(folder: Path) -> None:
    (folder / "a.png").rename(folder / "z.png")


def same_size(folder: Path) -> None:
    (folder / "cats" / "b.png").write_bytes(b"cats/B.png")


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "new.png").write_bytes(b"new"),
        lambda folder: (folder / "cats" / "c.png").unlink(),
        same_size,
        renamed,
    ],
)
def test_files_that_are_added_removed_changed_or_renamed_count(folder: Path, of, change) -> None:
    before = of(folder)
    change(folder)
    after = of(folder)
    assert after != before
    assert after == contents.of_images(folder, folder.parent / "fresh"), "with and without memory"


def test_dates_copies_hidden_files_and_links_in_circles_do_not_count(folder: Path, of) -> None:
    before = of(folder)
    os.utime(folder / "a.png", (1, 1))
    (folder / ".hidden" / "d.png").write_bytes(b"changed")
    (folder / "cats" / "up").symlink_to("..")
    assert of(folder) == before
    copy = folder.rename(folder.with_name("elsewhere"))
    assert of(copy) == before


def test_only_what_changed_is_read_again(folder: Path, of, monkeypatch: pytest.MonkeyPatch) -> None:
    of(folder)
    read: list[Path] = []
    sha256 = files.sha256
    monkeypatch.setattr(files, "sha256", lambda path: (read.append(path), sha256(path))[1])
    of(folder)
    assert read == []
    (folder / "new.png").write_bytes(b"new")
    of(folder)
    assert read == [folder / "new.png"]


def test_one_file_and_none(folder: Path, of) -> None:
    before = of(folder / "a.png")
    os.utime(folder / "a.png", (1, 1))
    assert of(folder / "a.png") == before
    (folder / "a.png").write_bytes(b"a.pnG")
    assert of(folder / "a.png") != before
    assert of(folder / "nowhere") == ""


def test_files_named_one_by_one(folder: Path) -> None:
    one, two = folder / "a.png", folder / "cats" / "b.png"
    before = contents.digest([one, two], folder)
    assert contents.digest([two, one], folder) == before
    assert contents.digest([one], folder) != before
    two.unlink()
    assert contents.digest([one, two], folder) not in (before, contents.digest([one], folder))
