"""Arjovsky, Chintala and Bottou 2017, Wasserstein GAN."""

CITATION = "Arjovsky, Chintala and Bottou 2017, Wasserstein GAN"
ARXIV = "1701.07875"
