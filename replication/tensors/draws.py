"""Every random number of a run as a pure function of (seed, stream, index).

There is no generator state to carry along: a resumed run draws what the undisturbed one would have drawn,
a seed draws the same whichever seeds train beside it, and arms that share a seed share initial weights
(where names and shapes agree), data order and z.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor


class Draws:
    """Counter-based draws (Philox) for a group of seeds, stacked along a leading axis.

    Streams are names such as ``"z/critic"``; an index counts the draws within a stream.
    """

    def __init__(self, seeds: Sequence[int]) -> None:
        self.seeds = tuple(seeds)
        self._keys: dict[str, list[int]] = {}

    def normal(self, stream: str, index: int, shape: Sequence[int]) -> Tensor:
        """Standard normal float32 of shape [seeds, *shape]."""
        draws = [g.standard_normal(shape, np.float32) for g in self._generators(stream, index)]
        return torch.from_numpy(np.stack(draws))

    def uniform(self, stream: str, index: int, shape: Sequence[int]) -> Tensor:
        """Uniform float32 on [0, 1) of shape [seeds, *shape]."""
        draws = [g.random(shape, np.float32) for g in self._generators(stream, index)]
        return torch.from_numpy(np.stack(draws))

    def permutation(self, stream: str, index: int, n: int) -> Tensor:
        """Permutations of range(n), int64 [seeds, n]."""
        return torch.from_numpy(
            np.stack([g.permutation(n) for g in self._generators(stream, index)])
        )

    def starts(self, stream: str) -> list[int]:
        """A number of 63 bits per seed, to start a generator of another library with."""
        return [_key(seed, stream) >> 65 for seed in self.seeds]

    def _generators(self, stream: str, index: int) -> list[np.random.Generator]:
        if stream not in self._keys:
            self._keys[stream] = [_key(seed, stream) for seed in self.seeds]
        # The index is the high word of the 256-bit counter: streams of one key never overlap.
        counter = index << 192
        return [
            np.random.Generator(np.random.Philox(key=key, counter=counter))
            for key in self._keys[stream]
        ]


def _key(seed: int, stream: str) -> int:
    """128 bits that no other (seed, stream) shares, for all practical purposes."""
    return int.from_bytes(
        hashlib.blake2b(f"{seed}/{stream}".encode(), digest_size=16).digest(), "big"
    )
