"""Goodfellow et al. 2014, Generative Adversarial Nets."""

CITATION = "Goodfellow et al. 2014, Generative Adversarial Nets"
ARXIV = "1406.2661"
