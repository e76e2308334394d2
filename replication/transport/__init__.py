"""Exact mathematics of the ground: float64, numpy, scipy and POT; pure functions, nothing is trained."""

import os

# POT loads every array library that it finds, to be able to work with it: of torch alone that takes two seconds.
os.environ.setdefault("POT_BACKEND_DISABLE_PYTORCH", "1")
