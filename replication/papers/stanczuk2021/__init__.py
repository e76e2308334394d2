"""Stanczuk et al. 2021, Wasserstein GANs Work Because They Fail (to Approximate the Wasserstein Distance)."""

CITATION = (
    "Stanczuk, Etmann, Kreusser and Schönlieb 2021, "
    "Wasserstein GANs Work Because They Fail (to Approximate the Wasserstein Distance)"
)
ARXIV = "2103.01678"
