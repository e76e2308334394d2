"""What a step is fed: images, labels, z and noise, all functions of seed and step."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from replication.tensors.draws import Draws

#: Steps whose noise is drawn at once; part of what a seed means, so a change changes every run.
BLOCK = 32
#: Noise of more numbers per seed and step than this is drawn step by step; likewise.
HOT = 2**16

Shape = tuple[int, ...]
Draw = Callable[[str, int, Shape], Tensor]


@dataclass(frozen=True, eq=False)
class Batch:
    """One step's batch.

    Attributes:
        real: images [seeds, batch, C, H, W], or points [seeds, batch, d].
        labels: their classes, int64 [seeds, batch], which generated images are given too; None without any.
        z: the generator's input, [seeds, batch, z_dim].
        noise: for techniques.
        step: critic steps before this one, or generator steps before this one.
    """

    real: Tensor
    labels: Tensor | None
    z: Tensor
    noise: Noise
    step: int


class Noise:
    """Noise of one step by name: the same name and step give the same numbers, whoever asks.

    Args:
        blocks: where the numbers come from.
        step: of its player.
        prefix: of the names of its streams.
    """

    def __init__(self, blocks: Blocks, step: int, prefix: str = "") -> None:
        self.step, self._blocks, self._prefix = step, blocks, prefix

    def normal(self, name: str, shape: Shape) -> Tensor:
        """Standard normal float32 [seeds, *shape]."""
        return self._blocks.take(self._blocks.draws.normal, self._prefix + name, self.step, shape)

    def uniform(self, name: str, shape: Shape) -> Tensor:
        """Uniform on [0, 1), float32 [seeds, *shape]."""
        return self._blocks.take(self._blocks.draws.uniform, self._prefix + name, self.step, shape)

    def of(self, kind: str) -> Noise:
        """Noise of its own for a kind of images: real, fake."""
        return Noise(self._blocks, self.step, f"{self._prefix}{kind}/")


class Blocks:
    """Draws by step, a block of steps at a time, on the device of a run.

    Args:
        draws: the seeds' random numbers.
        device: where they are used.
        size: steps a block; 1 where steps are far between.
    """

    def __init__(self, draws: Draws, device: torch.device, size: int = BLOCK) -> None:
        self.draws, self.device, self.size = draws, device, size
        self._held: dict[str, tuple[int, Shape, Tensor]] = {}

    def take(self, draw: Draw, stream: str, step: int, shape: Shape) -> Tensor:
        """Entry `step` of a stream, [seeds, *shape]."""
        size = self.size if math.prod(shape) <= HOT else 1
        block, position = divmod(step, size)
        held = self._held.get(stream)
        if held is None or held[0] != block or held[1] != shape:
            drawn = draw(stream, block, (size, *shape)).to(self.device, non_blocking=True)
            held = self._held[stream] = block, shape, drawn
        return held[2][:, position]
