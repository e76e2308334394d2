"""Heusel et al. 2017, the two time-scale update rule."""
