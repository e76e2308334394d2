"""Exact mathematics of the ground: float64, numpy, scipy and POT; pure functions, nothing is trained."""
