"""Instance noise: Gaussian noise on all that the critic sees (Arjovsky and Bottou 2017; Sønderby et al. 2017)."""

from __future__ import annotations

from torch import Tensor

from replication.techniques import _base
from replication.techniques._batch import Noise

LABEL = "Instance noise"
OPTIONS = {"noise_sd": 0.1, "anneal": 0}


class Technique(_base.Technique):
    """N(0, sd^2) on every pixel of real and generated images, each image with noise of its own.

    Arjovsky and Bottou 2017 (section 3) prove what constant noise mends; Sønderby et al. 2017 (section 4) let it
    fall. Neither prints a size: 0.1 is a twentieth of the range of a pixel.

    Args:
        noise_sd: its standard deviation at first, where pixels lie in [-1, 1].
        anneal: generator steps until it has fallen to nothing in a straight line; 0 keeps it constant.
    """

    def __init__(self, noise_sd: float, anneal: int) -> None:
        self.first, self.anneal = noise_sd, anneal
        self.sd = noise_sd

    def critic_steps(self, step: int, n_critic: int) -> int:
        """As many as before; both players see the noise of this generator step."""
        if self.anneal:
            self.sd = self.first * max(0.0, 1 - step / self.anneal)
        return n_critic

    def inputs(self, images: Tensor, noise: Noise) -> Tensor:
        """Add it; a generator's gradient passes through."""
        if not self.sd:
            return images
        return images + self.sd * noise.normal("instance", tuple(images.shape[1:]))
