"""Zhao et al. 2017, Energy-based GAN."""

CITATION = "Zhao, Mathieu and LeCun 2017, Energy-based Generative Adversarial Network"
ARXIV = "1609.03126"
