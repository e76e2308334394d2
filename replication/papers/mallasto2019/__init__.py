"""Mallasto et al. 2019, How Well Do WGANs Estimate the Wasserstein Metric?"""

CITATION = "Mallasto, Montúfar and Gerolin 2019, How Well Do WGANs Estimate the Wasserstein Metric?"
ARXIV = "1910.03875"
