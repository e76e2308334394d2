"""Stanczuk et al. 2021, Wasserstein GANs Work Because They Fail (to Approximate the Wasserstein Distance)."""
