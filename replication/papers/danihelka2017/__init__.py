"""Danihelka et al. 2017, Comparison of Maximum Likelihood and GAN-based training of Real NVPs."""
