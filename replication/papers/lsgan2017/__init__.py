"""Mao et al. 2017, Least Squares GAN."""
