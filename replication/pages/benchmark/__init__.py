"""Panels of the benchmark itself, which belong to no single paper."""

TITLE = "The benchmark: all methods side by side"
