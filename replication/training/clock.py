"""Seconds of training, without those of logging, measuring and saving."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import torch


class Clock:
    """A stopwatch that lets the device finish first, so that seconds measure work and not its queue."""

    def __init__(self, device: torch.device) -> None:
        self.device, self.seconds = device, 0.0
        self._started = time.perf_counter()

    def start(self) -> None:
        """Count from now on."""
        self._started = time.perf_counter()

    def stop(self) -> None:
        """Add what has passed since `start`."""
        if self.device.type == "cuda":
            torch.cuda.synchronize()
        self.seconds += time.perf_counter() - self._started

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """For what is no training."""
        self.stop()
        yield
        self.start()
