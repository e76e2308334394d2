"""Samples that are read or generated block by block: memory does not grow with their number."""

from __future__ import annotations

import math
import zipfile
from itertools import chain
from pathlib import Path
from typing import IO

import numpy as np
import torch
from numpy.lib import format as npy
from torch import Tensor

from replication.data import _claims, _own
from replication.data._checks import Array, DataError, bright, grey, laid_out
from replication.plan import registry
from replication.plan.config import Reading
from replication.tensors.levels import to_float
from replication.training.sampler import BLOCK, Sampler

#: Shape and type of an array.
Header = tuple[tuple[int, ...], np.dtype[np.generic]]

#: Images that are checked together when a source is opened.
AT_ONCE = 100

#: Turns a colour image file into a grey one.
TO_GREY = "convert: Image.open(f).convert('L').save(f)"


class Saved:
    """Images of a folder or of an ``.npz`` file, float32 ``[n, C, H, W]`` in [-1, 1] by blocks.

    Args:
        path: of the folder or file.
        how: what is done to the images of a folder.
        channels: those to deliver where nothing is lost by it: grey as colour, and colour with equal channels as grey.

    Attributes:
        shape: of one image, channels first.
        notes: what was read and converted, one line each.

    Raises:
        DataError: nothing readable is there; an array's damage is noticed when a block of it is read.
    """

    def __init__(
        self, path: Path, how: Reading = _own.AS_THEY_ARE, channels: int | None = None
    ) -> None:
        self.place = str(path)
        self._channels: int | None = None
        _own.require(path, self.place)
        self._stored = _folder(path, how) if path.is_dir() else Npz(path)
        if len(self._stored) == 0:
            raise DataError(f"{path}: holds no images")
        self.notes = self._stored.notes
        self._deliver(channels)
        first = self._levels(slice(0, AT_ONCE))
        self.shape: tuple[int, ...] = first.shape[1:]
        starts = range(AT_ONCE, len(self), AT_ONCE)
        others = (self._levels(slice(start, start + AT_ONCE)) for start in starts)
        bright(chain([first], others), self.place)

    def __len__(self) -> int:
        return len(self._stored)

    def __getitem__(self, rows: slice) -> Tensor:
        return to_float(torch.from_numpy(self._levels(rows)))

    def _deliver(self, channels: int | None) -> None:
        """Deliver so many channels, if the first images allow it."""
        first = self._levels(slice(0, AT_ONCE))
        if channels == 3 and first.shape[1] == 1:
            self._channels, change = 3, "grey, scored as colour with equal channels"
        elif channels == 1 and first.shape[1] == 3 and grey(first):
            self._channels, change = 1, "colour with equal channels, scored as grey"
        else:
            return
        self.notes = (*self.notes, change)

    def _levels(self, rows: slice) -> Array:
        images = laid_out(self._stored[rows], self.place, len(self))
        if self._channels == 1:
            if not grey(images):
                raise DataError(f"{self.place}: colour images among grey ones; {TO_GREY}")
            images = images[:, :1]
        elif self._channels == 3:
            images = images.repeat(3, axis=1)
        return np.ascontiguousarray(images)


def _folder(path: Path, how: Reading) -> _own.Folder:
    """The images of a folder, of known formats and of a size of which `AT_ONCE` fit the memory."""
    largest = sorted(_claims.sizes(path, str(path)))[-AT_ONCE:]
    _claims.fits(_claims.held(largest, how), str(path))
    return _own.folder(path, str(path), how)


class Npz:
    """The only array of an ``.npz`` file, or its array ``images``, read from front to back.

    The zip format's checksum is compared when the last row has been read, whether or not it is compressed.

    Raises:
        DataError: there is no such array, or it is damaged or no plain numbers.
    """

    notes: tuple[str, ...] = ()

    def __init__(self, path: Path) -> None:
        self.path = path
        self._header = self.shape, self.dtype = self._rewind()

    def __len__(self) -> int:
        return self.shape[0] if self.shape else 0

    def __getitem__(self, rows: slice) -> Array:
        """The rows of a slice without step, as they are stored; rows before those of the last call start anew."""
        start, stop, _ = rows.indices(len(self))
        block = np.empty((stop - start, *self.shape[1:]), self.dtype)
        # Not by a seek: after one some versions of Python no longer compare the checksum.
        if self._begin + start * self._row < self._stream.tell() and self._rewind() != self._header:
            raise DataError(f"{self.path}: was changed while it was read; run again")
        try:
            self._stream.seek(self._begin + start * self._row)
            # Beyond the last row nothing is left, which has to be asked for: only then is the checksum compared.
            content = self._stream.read(block.nbytes if stop < len(self) else -1)
            if len(content) != block.nbytes:
                raise ValueError("not as long as its header says")
        except Exception as error:
            raise self._fault("damaged", error) from None
        block.reshape(-1).view(np.uint8)[:] = np.frombuffer(content, np.uint8)
        return block

    def _rewind(self) -> Header:
        """Open the array anew, and read its header."""
        try:
            with zipfile.ZipFile(self.path) as archive:
                names = [name.removesuffix(".npy") for name in archive.namelist()]
                if "images" not in names and len(names) != 1:
                    hint = registry.nearest("images", names)
                    fault = f"{self.path}: holds no array 'images'{hint}; save it under that name"
                    raise DataError(fault)
                member = archive.infolist()[names.index("images") if "images" in names else 0]
                self._stream: IO[bytes] = archive.open(member)
            shape, dtype = header = _header(self._stream)
            self._begin, self._row = self._stream.tell(), math.prod(shape[1:]) * dtype.itemsize
            if self._begin + math.prod(shape[:1]) * self._row != member.file_size:
                raise ValueError("not as long as its header says")
            _claims.fits(AT_ONCE * self._row, str(self.path))
        except DataError:
            raise
        # A damaged header fails in numpy, zlib, zipfile or Python's own parser: all mean the same here.
        except Exception as error:
            raise self._fault("no array of plain numbers", error) from None
        return header

    def _fault(self, what: str, error: Exception) -> DataError:
        reason = " ".join(str(error).split()) or type(error).__name__
        return DataError(f"{self.path}: {what} ({reason}); save it again")


def _header(stream: IO[bytes]) -> Header:
    """Shape and type of the array that follows."""
    if npy.read_magic(stream) != (1, 0):
        raise ValueError("not version 1.0 of numpy's format")
    shape, columns_first, dtype = npy.read_array_header_1_0(stream)
    if dtype.hasobject:
        raise ValueError("pickled Python objects, which can run code")
    if not dtype.itemsize or min(shape, default=0) < 0:
        raise ValueError("an array of nothing")
    if columns_first and len(shape) > 1:
        raise ValueError("its last axis is stored first: use numpy.ascontiguousarray")
    return shape, dtype


class Generated:
    """Samples of one seed at one checkpoint, float32 ``[n, C, H, W]``, or points, generated when they are asked for.

    The generators of all seeds of a run work together; what those of the other seeds make is dropped.

    Args:
        sampler: the run's generators.
        step: the checkpoint.
        seed: place of the seed in the run.
        count: samples.
    """

    def __init__(self, sampler: Sampler, step: int, seed: int, count: int) -> None:
        self._sampler, self._step, self._seed, self._count = sampler, step, seed, count
        self._last: tuple[int, Tensor] | None = None

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, rows: slice) -> Tensor:
        start, stop, _ = rows.indices(self._count)
        first = start // BLOCK
        blocks = [self._block(index) for index in range(first, max(first + 1, -(-stop // BLOCK)))]
        return torch.cat(blocks)[start - first * BLOCK : stop - first * BLOCK]

    def _block(self, index: int) -> Tensor:
        """The block, kept until another is asked for: the next rows may begin in it."""
        if self._last is None or self._last[0] != index:
            self._last = index, self._sampler.block(self._step, index)[self._seed]
        return self._last[1]
