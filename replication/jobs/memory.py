"""How this process asks the system for memory."""

from __future__ import annotations

import ctypes
import sys

#: Parameters of glibc's mallopt (malloc.h).
M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_MAX = -1, -2, -4


def keep() -> None:
    """Let freed memory stay with the process, where malloc is glibc's; elsewhere do nothing.

    A training step frees and asks again for the same megabytes a thousand times a minute. By default large
    blocks go back to the system each time, and come back page by page, zeroed.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_MAX, 0)
        mallopt(M_TRIM_THRESHOLD, 2**30)
        mallopt(M_TOP_PAD, 2**26)
