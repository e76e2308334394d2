"""Kurach et al. 2019, A Large-Scale Study on Regularization and Normalization in GANs."""
