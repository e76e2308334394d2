"""The c-transform, which completes a critic to a feasible pair of dual variables; torch, with gradients."""

from __future__ import annotations

from torch import Tensor


def c_transform(cost: Tensor, f: Tensor) -> Tensor:
    """f^c(y) = min_x c(x, y) - f(x) over the points x of a batch (Mallasto et al. 2019, section 3).

    The largest function with f(x) + f^c(y) <= c(x, y) for all pairs, whatever f is.

    Args:
        cost: [..., n, m] between places x and y.
        f: [..., n].

    Returns:
        [..., m].
    """
    return (cost - f[..., None]).amin(-2)


def dual_value(cost: Tensor, f: Tensor) -> Tensor:
    """E f(x) + E f^c(y), [...]: never more than the transport cost of the two batches, for any f."""
    return f.mean(-1) + c_transform(cost, f).mean(-1)
