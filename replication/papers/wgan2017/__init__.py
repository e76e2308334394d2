"""Arjovsky, Chintala and Bottou 2017, Wasserstein Generative Adversarial Networks."""
