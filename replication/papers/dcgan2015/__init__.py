"""Radford et al. 2015."""

CITATION = (
    "Radford, Metz and Chintala 2015, "
    "Unsupervised Representation Learning with Deep Convolutional Generative Adversarial Networks"
)
ARXIV = "1511.06434"
