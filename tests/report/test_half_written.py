"""A disk that is full while a figure is written: every file of it is the old one or the new one, whole."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from replication.figures import style

SUFFIXES = (".svg", ".png", ".pdf")


def drawn(words: str) -> Figure:
    figure = style.figure(1.0)
    figure.text(0.5, 0.5, words)
    return figure


def save(words: str, stem: Path) -> None:
    style.save(drawn(words), stem, [suffix[1:] for suffix in SUFFIXES])


def files(stem: Path) -> dict[str, bytes]:
    return {suffix: stem.with_suffix(suffix).read_bytes() for suffix in SUFFIXES}


def test_whichever_file_of_a_figure_finds_it_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stem, flush = tmp_path / "figure", os.fsync
    save("after", stem)
    new = files(stem)
    for count in range(len(SUFFIXES)):
        save("before", stem)
        old, done = files(stem), []

        def fsync(descriptor: int, count: int = count, done: list[int] = done) -> None:
            if len(done) == count:
                os.ftruncate(descriptor, os.fstat(descriptor).st_size // 2)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            done.append(descriptor)
            flush(descriptor)

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", fsync)
            with pytest.raises(OSError, match="No space left"):
                save("after", stem)
        expected = [new[s] if i < count else old[s] for i, s in enumerate(SUFFIXES)]
        assert list(files(stem).values()) == expected
        assert not list(tmp_path.glob("*.part")), "nothing is left to fill the disk"
        save("after", stem)
        assert files(stem) == new
