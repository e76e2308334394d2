"""Lucic et al. 2018, Are GANs Created Equal? A Large-Scale Study."""
