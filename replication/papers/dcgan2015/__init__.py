"""Radford et al. 2015."""
