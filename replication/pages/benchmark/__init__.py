"""Panels of the benchmark itself, which belong to no single paper."""

CITATION = "The benchmark: all methods side by side"
ARXIV = ""
