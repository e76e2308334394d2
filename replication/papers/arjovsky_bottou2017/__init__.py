"""Arjovsky and Bottou 2017, Towards Principled Methods for Training GANs."""

CITATION = (
    "Arjovsky and Bottou 2017, Towards Principled Methods for Training Generative Adversarial "
    "Networks"
)
ARXIV = "1701.04862"
