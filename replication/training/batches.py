"""What the loop feeds the two nets: real images, z and interpolation weights, by index."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from replication.config import ConfigError, Recipe
from replication.draws import Draws

#: Steps whose noise is drawn at once; part of what a seed means, so a change changes every run.
BLOCK = 32


class Batches:
    """Batches as pure functions of an index, so that a resumed run sees what an undisturbed one would.

    Args:
        images: float [n, C, H, W] in [-1, 1], on the device of the run.
        draws: the seeds' random numbers.
        recipe: for the batch size and the distribution of z.
        z_dim: size of z.

    Raises:
        ConfigError: fewer images than one batch.
    """

    def __init__(self, images: Tensor, draws: Draws, recipe: Recipe, z_dim: int) -> None:
        self.images, self.draws, self.recipe, self.z_dim = images, draws, recipe, z_dim
        self.per_epoch = len(images) // recipe.batch
        if not self.per_epoch:
            raise ConfigError(
                f"{len(images):,} images to train on are fewer than a batch of {recipe.batch:,}; "
                f"add images, or set the method's `batch: {len(images)}`"
            )
        self._blocks: dict[str, tuple[int, Tensor]] = {}

    def real(self, index: int) -> Tensor:
        """Batch `index` of the shuffled epochs, the last partial batch dropped: [seeds, batch, C, H, W]."""
        epoch, position = divmod(index, self.per_epoch)
        order = self._cached("order", epoch, self._order)
        start = position * self.recipe.batch
        return self.images[order[:, start : start + self.recipe.batch]]

    def z(self, stream: str, index: int) -> Tensor:
        """Batch `index` of a stream of z: [seeds, batch, z_dim]."""
        block, position = divmod(index, BLOCK)
        return self._cached(f"z/{stream}", block, self._noise)[:, position]

    def epsilon(self, index: int) -> Tensor:
        """U[0, 1), one per image: [seeds, batch]."""
        block, position = divmod(index, BLOCK)
        return self._cached("epsilon", block, self._weights)[:, position]

    def _order(self, stream: str, epoch: int) -> Tensor:
        return self.draws.permutation(stream, epoch, len(self.images))

    def _noise(self, stream: str, block: int) -> Tensor:
        return sample_z(
            self.draws, self.recipe.z, stream, block, (BLOCK, self.recipe.batch, self.z_dim)
        )

    def _weights(self, stream: str, block: int) -> Tensor:
        return self.draws.uniform(stream, block, (BLOCK, self.recipe.batch))

    def _cached(self, stream: str, index: int, draw: Callable[[str, int], Tensor]) -> Tensor:
        held = self._blocks.get(stream)
        if held is None or held[0] != index:
            held = index, draw(stream, index).to(self.images.device, non_blocking=True)
            self._blocks[stream] = held
        return held[1]


def sample_z(draws: Draws, kind: str, stream: str, index: int, shape: tuple[int, ...]) -> Tensor:
    """z ~ N(0, I), or uniform on [-1, 1): [seeds, *shape]."""
    if kind == "uniform":
        return 2 * draws.uniform(stream, index, shape) - 1
    return draws.normal(stream, index, shape)


def subset(images: Tensor, draws: Draws, stream: str, index: int, n: int) -> Tensor:
    """n distinct images per seed (all of them where there are fewer): [seeds, n, C, H, W]."""
    order = draws.permutation(stream, index, len(images))[:, :n]
    return images[order.to(images.device)]
