"""Mallasto et al. 2019, How Well Do WGANs Estimate the Wasserstein Metric?"""
