"""Torch as `device.prepare` sets it up."""

from __future__ import annotations

import torch

from replication.tensors.device import prepare


def test_float32_is_float32_and_kernels_are_the_same_at_every_start() -> None:
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = True
    torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = False, True
    prepare("cpu", threads=1)
    assert not torch.backends.cudnn.allow_tf32
    assert not torch.backends.cuda.matmul.allow_tf32
    assert torch.backends.cudnn.deterministic
    assert not torch.backends.cudnn.benchmark
    assert torch.get_num_threads() == 1
