"""Korotin et al. 2022, Kantorovich Strikes Back! Wasserstein GANs are not Optimal Transport?"""

CITATION = "Korotin, Kolesov and Burnaev 2022, Kantorovich Strikes Back! Wasserstein GANs are not Optimal Transport?"
ARXIV = "2206.07767"
