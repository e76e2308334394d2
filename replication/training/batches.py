"""What the loop feeds the two nets: real images, labels, z and noise, by index."""

from __future__ import annotations

from torch import Tensor

from replication.plan.config import ConfigError, Recipe
from replication.techniques._batch import Batch, Blocks, Noise
from replication.tensors.draws import Draws

Shape = tuple[int, ...]


class Batches:
    """Batches as pure functions of an index, so that a resumed run sees what an undisturbed one would.

    Args:
        images: float [n, C, H, W] in [-1, 1], on the device of the run.
        draws: the seeds' random numbers.
        recipe: for the batch size and the distribution of z.
        z_dim: size of z.
        labels: int64 [n], or None.
        streams: what the names of its streams begin with; other beginnings give other numbers.

    Raises:
        ConfigError: fewer images than one batch.
    """

    def __init__(
        self,
        images: Tensor,
        draws: Draws,
        recipe: Recipe,
        z_dim: int,
        labels: Tensor | None = None,
        streams: str = "",
    ) -> None:
        self.images, self.draws, self.recipe, self.z_dim = images, draws, recipe, z_dim
        self.labels, self.streams = labels, streams
        self.per_epoch = len(images) // recipe.batch
        if not self.per_epoch:
            raise ConfigError(
                f"{len(images):,} images to train on are fewer than a batch of {recipe.batch:,}; "
                f"add images, or set the method's `batch: {len(images)}`"
            )
        self._blocks = Blocks(draws, images.device)
        self._order: tuple[int, Tensor] | None = None
        self._real: tuple[int, Tensor, Tensor | None] | None = None

    def critic(self, index: int) -> Batch:
        """The batch of critic step `index`."""
        noise = Noise(self._blocks, index, self.streams)
        return Batch(*self.real(index), self.z("critic", index), noise, index)

    def generator(self, step: int, critic_steps: int) -> Batch:
        """The batch of generator step `step`; its real images are those that the critic saw last."""
        noise = Noise(self._blocks, step, f"{self.streams}generator/")
        real = self.real(max(critic_steps - 1, 0))
        return Batch(*real, self.z("generator", step), noise, step)

    def real(self, index: int) -> tuple[Tensor, Tensor | None]:
        """Images [seeds, batch, C, H, W] and labels of batch `index` of the shuffled epochs, partial ones dropped."""
        if self._real is None or self._real[0] != index:
            epoch, position = divmod(index, self.per_epoch)
            start = position * self.recipe.batch
            chosen = self._epoch(epoch)[:, start : start + self.recipe.batch]
            labels = None if self.labels is None else self.labels[chosen]
            self._real = index, self.images[chosen], labels
        return self._real[1:]

    def z(self, player: str, index: int) -> Tensor:
        """Batch `index` of a player's z: [seeds, batch, z_dim]."""
        shape = (self.recipe.batch, self.z_dim)
        return self._blocks.take(self._draw_z, f"{self.streams}z/{player}", index, shape)

    def _draw_z(self, stream: str, index: int, shape: Shape) -> Tensor:
        return sample_z(self.draws, self.recipe.z, stream, index, shape)

    def _epoch(self, epoch: int) -> Tensor:
        """The order of an epoch, [seeds, n]."""
        if self._order is None or self._order[0] != epoch:
            order = self.draws.permutation(f"{self.streams}order", epoch, len(self.images))
            self._order = epoch, order.to(self.images.device, non_blocking=True)
        return self._order[1]


def sample_z(draws: Draws, kind: str, stream: str, index: int, shape: Shape) -> Tensor:
    """z ~ N(0, I), or uniform on [-1, 1): [seeds, *shape]."""
    if kind == "uniform":
        return 2 * draws.uniform(stream, index, shape) - 1
    return draws.normal(stream, index, shape)


def subset(draws: Draws, stream: str, index: int, size: int, n: int) -> Tensor:
    """Numbers of n of `size` images per seed, none twice (all of them where there are fewer): int64 [seeds, n]."""
    return draws.permutation(stream, index, size)[:, :n]
