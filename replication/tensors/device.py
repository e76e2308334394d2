"""Where and how tensors are computed."""

from __future__ import annotations

import torch

from replication.plan.config import ConfigError


def prepare(device: str, threads: int) -> torch.device:
    """The device of a run, with torch set up for it.

    Args:
        device: ``auto`` (CUDA where there is one), ``cpu`` or ``cuda``.
        threads: torch threads on the CPU; fixed, because float sums depend on it.

    Raises:
        ConfigError: ``cuda`` was asked for and there is none.
    """
    if device == "cuda" and not torch.cuda.is_available():
        raise ConfigError("params.yaml: device: cuda: torch sees no CUDA device; use auto or cpu")
    torch.set_num_threads(threads)
    # Saturated critics produce denormals, which the CPU multiplies a hundred times slower.
    torch.set_flush_denormal(True)
    # On CUDA: the same kernels at every start, and float32 where float32 is said, which torch's convolutions skimp.
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
    use_cuda = device != "cpu" and torch.cuda.is_available()
    return torch.device("cuda" if use_cuda else "cpu")
