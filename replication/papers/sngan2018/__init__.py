"""Miyato et al. 2018, Spectral Normalization for Generative Adversarial Networks."""
