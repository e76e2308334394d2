"""Salimans et al. 2016, Improved Techniques for Training GANs."""

CITATION = "Salimans et al. 2016, Improved Techniques for Training GANs"
ARXIV = "1606.03498"
