"""Miyato et al. 2018, Spectral Normalization for Generative Adversarial Networks."""

CITATION = "Miyato, Kataoka, Koyama and Yoshida 2018, Spectral Normalization for Generative Adversarial Networks"
ARXIV = "1802.05957"
