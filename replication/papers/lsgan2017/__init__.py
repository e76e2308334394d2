"""Mao et al. 2017, Least Squares GAN."""

CITATION = "Mao et al. 2017, Least Squares Generative Adversarial Networks"
ARXIV = "1611.04076"
