"""Damaged results are found by their hashes, wherever they lie and however small the damage."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import pytest

from replication.jobs import checksums, files


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Two sealed files in one folder, one in another."""
    results = tmp_path / "results"
    for record, names in (("a/files.sha256", ["a/x.bin", "a/y.bin"]), ("b/z.sha256", ["b/z.bin"])):
        paths = [results / name for name in names]
        with checksums.sealed(results / record, paths):
            for path in paths:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(path.name.encode() * 100)
    return results


def test_a_record_is_what_sha256sum_reads(results: Path) -> None:
    digest = hashlib.sha256(b"z.bin" * 100).hexdigest()
    head, *lines = (results / "b" / "z.sha256").read_text().splitlines()
    assert lines == [f"{digest}  z.bin"]
    assert head == f"# made {date(results / 'b' / 'z.bin')}"
    command = ["sha256sum", "--check", "--strict", "files.sha256"]
    subprocess.run(command, cwd=results / "a", check=True)


def date(path: Path) -> int:
    return path.stat().st_mtime_ns


def every(results: Path) -> list[Path]:
    return [results / name for name in ("a/x.bin", "a/y.bin", "b/z.bin")]


def test_files_of_one_job_have_one_date(results: Path) -> None:
    x, y, z = map(date, every(results))
    assert x == y < z


@pytest.mark.parametrize("touched", [False, True])
def test_a_job_that_fails_keeps_its_record_only_where_it_touched_nothing(
    results: Path, touched: bool
) -> None:
    record, x = results / "a" / "files.sha256", results / "a" / "x.bin"
    before = record.read_text()
    with pytest.raises(FileNotFoundError), checksums.sealed(record, [x]):  # noqa: PT012
        if touched:
            x.write_bytes(b"half")
        raise FileNotFoundError("what the job reads")
    assert (record.read_text() if record.exists() else "") == ("" if touched else before)


@pytest.mark.parametrize("swept_before", [False, True])
@pytest.mark.parametrize("remove", [False, True])
@pytest.mark.parametrize("hours", [-1, 0.001])
def test_equal_contents_get_back_the_date_of_their_making(
    results: Path, swept_before: bool, remove: bool, hours: float
) -> None:
    """Whatever a copy, a checkout or a touch gave them; also on a dry run, which goes by dates too."""
    before = [date(path) for path in every(results)]
    if swept_before:
        checksums.verify(results)
    for path in reversed(every(results)):
        moved = int(date(path) + hours * 3600e9)
        os.utime(path, ns=(moved, moved))
    checksums.verify(results, remove=remove, date=False)
    assert [date(path) for path in every(results)] != before
    checksums.verify(results, remove=remove)
    assert [date(path) for path in every(results)] == before


def test_a_date_of_the_future_or_none_is_replaced_by_that_of_the_files(results: Path) -> None:
    for record, name in (
        (results / "a/files.sha256", "a/x.bin"),
        (results / "b/z.sha256", "b/z.bin"),
    ):
        kept = date(results / name)
        for head in (f"# made {2 * kept}\n", ""):
            lines = record.read_text().splitlines(keepends=True)
            record.write_text("".join([head, *(row for row in lines if not row.startswith("#"))]))
            checksums.verify(results)
            assert date(results / name) == kept
            assert checksums.read(record).made == kept


def test_what_was_brought_in_place_of_something_else_is_dated_by_its_coming(results: Path) -> None:
    """Older data, by their date, than what was made from newer ones; yet not what that was made from."""
    path, record = results / "b" / "z.bin", results / "b" / "z.sha256"
    older = (path.read_bytes(), record.read_text())
    with checksums.sealed(record, [path]):
        path.write_bytes(b"a newer revision")
    checksums.verify(results)
    made = date(path)
    path.write_bytes(older[0])
    record.write_text(older[1])
    came = date(path)
    for _ in range(2):
        checksums.verify(results)
        assert date(path) == came > made


def test_lasting_files_that_come_out_as_they_were_keep_their_date(results: Path) -> None:
    path, record = results / "b" / "z.bin", results / "b" / "z.sha256"
    before, content = date(path), path.read_bytes()
    for written, lasting, same in (
        (content, True, True),
        (content, False, False),
        (b"other", True, False),
    ):
        with checksums.sealed(record, [path], lasting=lasting, source="abc"):
            path.write_bytes(written)
        assert (date(path) == before) == same
        assert checksums.read(record).source == "abc"
        assert checksums.read(record).made == date(path)
        before = date(path)


def test_sound_files_stay(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checksums.verify(results) == []
    assert capsys.readouterr().err == ""
    assert (results / "a" / "x.bin").exists()


@pytest.mark.parametrize("swept_before", [False, True])
def test_one_flipped_bit_is_found(
    results: Path, swept_before: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    if swept_before:
        checksums.verify(results)
    path = results / "a" / "x.bin"
    content = bytearray(path.read_bytes())
    content[7] ^= 1
    path.write_bytes(content)
    assert checksums.verify(results) == [path]
    assert not path.exists()
    assert (results / "a" / "y.bin").exists()
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{path}: damaged")


def test_only_reporting_deletes_nothing_and_forgets_nothing(results: Path) -> None:
    path = results / "b" / "z.bin"
    path.write_bytes(b"short")
    assert checksums.verify(results, remove=False) == [path]
    assert path.exists()
    assert checksums.verify(results, remove=True) == [path]


def test_a_file_with_a_new_time_and_the_old_content_stays(results: Path) -> None:
    checksums.verify(results)
    os.utime(results / "a" / "x.bin", (1, 1))
    assert checksums.verify(results) == []
    assert (results / "a" / "x.bin").exists()


def test_unchanged_files_are_not_read_again(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checksums.verify(results)

    def read(path: Path) -> str:
        raise AssertionError(f"{path} was read")

    monkeypatch.setattr(files, "sha256", read)
    assert checksums.verify(results) == []


def test_missing_files_and_unreadable_records_are_no_matter(results: Path) -> None:
    (results / "a" / "y.bin").unlink()
    (results / "b" / "z.sha256").write_bytes(b"\xff\xfe\x00")
    assert checksums.verify(results) == []


def test_a_file_that_is_being_made_again_has_no_record(results: Path) -> None:
    record = results / "b" / "z.sha256"
    with checksums.sealed(record, [results / "b" / "z.bin"]):
        (results / "b" / "z.bin").write_bytes(b"half of it")
        assert not record.exists()
        assert checksums.verify(results) == []


def test_check_reads_every_byte_whatever_the_times(results: Path) -> None:
    checksums.check(results / "a" / "files.sha256")
    checksums.check(results / "nothing.sha256")
    path = results / "a" / "y.bin"
    before = path.stat()
    path.write_bytes(b"Y" + path.read_bytes()[1:])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(checksums.DamagedFile, match="delete it"):
        checksums.check(results / "a" / "files.sha256")
