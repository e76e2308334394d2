"""Arjovsky and Bottou 2017, Towards Principled Methods for Training GANs."""
