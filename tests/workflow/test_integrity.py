"""Damaged results are found by their hashes, wherever they lie and however small the damage."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from replication import files, integrity


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Two sealed files in one folder, one in another."""
    results = tmp_path / "results"
    for record, names in (("a/files.sha256", ["a/x.bin", "a/y.bin"]), ("b/z.sha256", ["b/z.bin"])):
        paths = [results / name for name in names]
        with integrity.sealed(results / record, paths):
            for path in paths:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(path.name.encode() * 100)
    return results


def test_a_record_is_what_sha256sum_writes(results: Path) -> None:
    digest = hashlib.sha256(b"z.bin" * 100).hexdigest()
    assert (results / "b" / "z.sha256").read_text() == f"{digest}  z.bin\n"


def test_sound_files_stay(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert integrity.sweep(results) == []
    assert capsys.readouterr().err == ""
    assert (results / "a" / "x.bin").exists()


@pytest.mark.parametrize("swept_before", [False, True])
def test_one_flipped_bit_is_found(
    results: Path, swept_before: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    if swept_before:
        integrity.sweep(results)
    path = results / "a" / "x.bin"
    content = bytearray(path.read_bytes())
    content[7] ^= 1
    path.write_bytes(content)
    assert integrity.sweep(results) == [path]
    assert not path.exists()
    assert (results / "a" / "y.bin").exists()
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{path}: damaged")


def test_only_reporting_deletes_nothing_and_forgets_nothing(results: Path) -> None:
    path = results / "b" / "z.bin"
    path.write_bytes(b"short")
    assert integrity.sweep(results, remove=False) == [path]
    assert path.exists()
    assert integrity.sweep(results, remove=True) == [path]


def test_a_file_with_a_new_time_and_the_old_content_stays(results: Path) -> None:
    integrity.sweep(results)
    os.utime(results / "a" / "x.bin", (1, 1))
    assert integrity.sweep(results) == []


def test_unchanged_files_are_not_read_again(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    integrity.sweep(results)

    def read(path: Path) -> str:
        raise AssertionError(f"{path} was read")

    monkeypatch.setattr(files, "sha256", read)
    assert integrity.sweep(results) == []


def test_missing_files_and_unreadable_records_are_no_matter(results: Path) -> None:
    (results / "a" / "y.bin").unlink()
    (results / "b" / "z.sha256").write_bytes(b"\xff\xfe\x00")
    assert integrity.sweep(results) == []


def test_a_file_that_is_being_made_again_has_no_record(results: Path) -> None:
    record = results / "b" / "z.sha256"
    with integrity.sealed(record, [results / "b" / "z.bin"]):
        (results / "b" / "z.bin").write_bytes(b"half of it")
        assert not record.exists()
        assert integrity.sweep(results) == []


def test_a_job_that_fails_leaves_no_record(results: Path) -> None:
    record = results / "b" / "z.sha256"
    with pytest.raises(RuntimeError), integrity.sealed(record, [results / "b" / "z.bin"]):
        raise RuntimeError
    assert not record.exists()


def test_check_reads_every_byte_whatever_the_times(results: Path) -> None:
    integrity.check(results / "a" / "files.sha256")
    integrity.check(results / "nothing.sha256")
    path = results / "a" / "y.bin"
    before = path.stat()
    path.write_bytes(b"Y" + path.read_bytes()[1:])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(integrity.DamagedFile, match="delete it"):
        integrity.check(results / "a" / "files.sha256")
