"""PacGAN: the discriminator judges several samples at once (Lin et al. 2018)."""

from __future__ import annotations

from torch import Tensor, nn

from replication.nets._critic import Around
from replication.techniques import _base
from replication.tensors.draws import Draws

LABEL = "PacGAN"
OPTIONS = {"pack": 2}
NEEDS = ["unlabelled"]


class Technique(_base.Technique):
    """`pack` samples of one kind are joined along their first axis (features or channels) and get one score.

    A batch of n samples gives n / pack scores, so a packed critic is trained on as many samples as a plain one
    (Lin et al. 2018 keep the number of packs and so use more).
    """

    def __init__(self, pack: int) -> None:
        self.pack = pack

    def critic_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """`pack` times the channels or features."""
        return (self.pack * shape[0], *shape[1:])

    def wrap_critic(self, critic: nn.Module, draws: Draws) -> nn.Module:
        """Join samples before the critic sees them."""
        return Packed(critic, self.pack)


class Packed(Around):
    """A critic of [seeds, batch / pack, pack * C, ...] on [seeds, batch, C, ...]; neighbours in the batch are joined.

    A rest of the batch that does not fill a pack is dropped.
    """

    mixes_batch = True

    def __init__(self, critic: nn.Module, pack: int) -> None:
        super().__init__(critic)
        self.pack = self.images_per_score = pack

    def packs(self, samples: Tensor) -> Tensor:
        """Join neighbours."""
        packs = samples.shape[1] // self.pack
        whole = samples[:, : packs * self.pack]
        return whole.unflatten(1, (packs, self.pack)).flatten(2, 3)

    def forward(self, samples: Tensor, labels: Tensor | None = None) -> Tensor:
        """Scores [seeds, batch / pack]."""
        scores: Tensor = self.critic(self.packs(samples))
        return scores

    def features(self, samples: Tensor, labels: Tensor | None = None) -> Tensor:
        """Features of packs."""
        return super().features(self.packs(samples))

    def score(self, features: Tensor, samples: Tensor, labels: Tensor | None = None) -> Tensor:
        """Scores of packs whose features are known."""
        return super().score(features, self.packs(samples))
