"""Slopes of a critic: what penalties restrain and records report."""

from __future__ import annotations

import torch
from torch import Tensor


def input_gradient_norm(scores: Tensor, images: Tensor, create_graph: bool = False) -> Tensor:
    """Euclidean norm of d score / d image for every image: [seeds, batch].

    Args:
        scores: [seeds, batch], computed from `images` alone, image by image.
        images: [seeds, batch, ...] that require a gradient.
        create_graph: keep the graph, so that the norm itself can be differentiated.
    """
    (gradient,) = torch.autograd.grad(scores.sum(), images, create_graph=create_graph)
    return gradient.flatten(2).norm(dim=2)


def interpolate(real: Tensor, fake: Tensor, epsilon: Tensor) -> Tensor:
    """Points epsilon * real + (1 - epsilon) * fake, one epsilon [seeds, batch] per image; a fresh leaf."""
    weight = epsilon.reshape(*epsilon.shape, *[1] * (real.dim() - 2))
    return torch.lerp(fake, real, weight).detach().requires_grad_()
