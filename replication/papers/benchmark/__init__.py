"""Panels of the benchmark itself, which mirror no single paper."""
