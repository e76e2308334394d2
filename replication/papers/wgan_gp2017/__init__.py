"""Gulrajani et al. 2017, Improved Training of Wasserstein GANs."""

CITATION = (
    "Gulrajani, Ahmed, Arjovsky, Dumoulin and Courville 2017, Improved Training of Wasserstein GANs"
)
ARXIV = "1704.00028"
