"""Arjovsky, Chintala and Bottou 2017, Wasserstein GAN (arXiv:1701.07875)."""
