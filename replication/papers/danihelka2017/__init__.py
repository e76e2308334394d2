"""Danihelka et al. 2017, Comparison of Maximum Likelihood and GAN-based training of Real NVPs."""

CITATION = (
    "Danihelka, Lakshminarayanan, Uria, Wierstra and Dayan 2017, "
    "Comparison of Maximum Likelihood and GAN-based training of Real NVPs"
)
ARXIV = "1705.05263"
