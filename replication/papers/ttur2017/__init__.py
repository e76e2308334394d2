"""Heusel et al. 2017, the two time-scale update rule."""

CITATION = "Heusel et al. 2017, GANs Trained by a Two Time-Scale Update Rule"
ARXIV = "1706.08500"
