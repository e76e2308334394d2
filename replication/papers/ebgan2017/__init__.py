"""Zhao et al. 2017, Energy-based GAN."""
