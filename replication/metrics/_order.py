"""The order of samples in which metrics see them: that of a hash of their content.

Some metrics compare the first n samples of either side. A folder is read class by class, so its first n files are
no random n. Hashes are as good as a random permutation, and depend neither on the order of a source nor on its
form: the same samples get the same scores from an ``.npz`` file, from sub-folders and from a generator.
"""

from __future__ import annotations

from hashlib import blake2b

import torch
from torch import Tensor


def hashes(samples: Tensor) -> Tensor:
    """63 bits of a hash of every sample's values: ``[n, ...]`` to int64 ``[n]``, equal for equal samples."""
    rows = samples.contiguous().numpy().reshape(len(samples), -1)
    numbers = [int.from_bytes(blake2b(row.data, digest_size=8).digest()) >> 1 for row in rows]
    return torch.tensor(numbers, dtype=torch.int64)


class First:
    """The first samples in the order of hashes among any number that pass by once, block by block.

    Args:
        limit: how many are kept; a block has no more.
        total: how many will pass.
        shape: of one sample.
    """

    def __init__(self, limit: int, total: int, shape: tuple[int, ...]) -> None:
        self.limit, self.filled = limit, 0
        # Room for as many again, so that sorting is rare.
        room = min(2 * limit, total)
        self._samples = torch.empty(room, *shape)
        self._hashes = torch.empty(room, dtype=torch.int64)

    def add(self, samples: Tensor, hashes: Tensor) -> None:
        """Let a block ``[n, ...]`` pass, with its hashes ``[n]``."""
        if self.filled + len(samples) > len(self._samples):
            self._sort()
        place = slice(self.filled, self.filled + len(samples))
        self._samples[place], self._hashes[place] = samples, hashes
        self.filled += len(samples)

    def samples(self) -> Tensor:
        """Those kept, ``[min(limit, passed), ...]``, in order."""
        self._sort()
        return self._samples[: self.filled].clone()

    def _sort(self) -> None:
        order = self._hashes[: self.filled].argsort(stable=True)[: self.limit]
        self.filled = len(order)
        for held in (self._samples, self._hashes):
            held[: self.filled] = held[order]
