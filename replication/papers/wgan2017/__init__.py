"""Arjovsky, Chintala and Bottou 2017, Wasserstein Generative Adversarial Networks."""

CITATION = "Arjovsky, Chintala and Bottou 2017, Wasserstein Generative Adversarial Networks"
ARXIV = "1701.07875"
