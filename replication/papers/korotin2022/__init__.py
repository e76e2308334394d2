"""Korotin et al. 2022, Kantorovich Strikes Back! Wasserstein GANs are not Optimal Transport?"""
