"""Gulrajani et al. 2017, Improved Training of Wasserstein GANs."""
