"""Log-likelihood of held-out images under a Parzen window on generated ones (Goodfellow et al. 2014, table 1)."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from replication.metrics._base import Batch, Protocol
from replication.metrics._neighbours import squares

LABEL = "Parzen log-likelihood"
DIRECTION = "higher"
UNIT = "nats an image, pixels in [0, 1]"
NEEDS = "images"
EVERY = 3
PROTOCOL = (
    "{pixel_samples:,} generated v half of {heldout:,} held-out, width chosen on the other half"
)

#: Standard deviations that are tried, evenly spaced in their logarithm: those of the source's code.
NARROWEST, WIDEST, TRIED = 0.1, 1.0, 10

#: Held-out images that choose the width, at most: as many as in the source's code.
CHOOSERS = 1000

#: Exponents beside the largest are no smaller: what is cut off is less than float64 resolves in a sum of
#: thousands, and an exponential that underflows takes twenty times as long as one that does not.
NEGLIGIBLE = -50.0


def compute(real: Batch, fake: Batch, protocol: Protocol) -> float:
    """Mean log-density of every other held-out image under equal Gaussians on the samples.

    The width is the one under which the remaining held-out images are likeliest. A density of pixels may
    exceed 1, so the value may be positive. It ranks models unlike sampled quality does: centres of clusters
    beat real images (Theis et al. 2016), so it is here to compare with 2014, not to judge.
    """
    centres = _vectors(fake.images)
    low, high = math.log10(NARROWEST), math.log10(WIDEST)
    widths = torch.logspace(low, high, TRIED, dtype=torch.float64)
    choosing = log_density(_vectors(real.images[::2][:CHOOSERS]), centres, widths).mean(1)
    best = widths[choosing.argmax()]
    return float(log_density(_vectors(real.images[1::2]), centres, best[None]).mean())


def log_density(x: Tensor, centres: Tensor, widths: Tensor) -> Tensor:
    """Log-density ``[S, N]`` of `x` ``[N, d]`` under mixtures of Gaussians on `centres` ``[M, d]``.

    Args:
        x: float64.
        centres: likewise; all have the same weight.
        widths: the standard deviation ``[S]`` of each mixture, the same along every axis.
    """
    constant = x.shape[1] * (widths.log() + math.log(2 * math.pi) / 2) + math.log(len(centres))
    sums = [_log_sums(block, widths) for block in squares(x, centres)]
    return torch.cat(sums, 1) - constant[:, None]


def _log_sums(squares: Tensor, widths: Tensor) -> Tensor:
    """log of the sum over a row of exp(-squares / 2 width^2), ``[S, n]``: `torch.logsumexp` without underflow."""
    least = squares.amin(1, keepdim=True)
    beyond = least - squares
    return torch.stack(
        [
            (beyond / (2 * width**2)).clamp_(min=NEGLIGIBLE).exp_().sum(1).log()
            - least[:, 0] / (2 * width**2)
            for width in widths
        ]
    )


def _vectors(images: Tensor) -> Tensor:
    """Images ``[N, C, H, W]`` in [-1, 1] as float64 ``[N, d]`` in [0, 1]."""
    return images.flatten(1).double().add(1).div(2)
