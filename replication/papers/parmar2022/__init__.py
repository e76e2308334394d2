"""Parmar et al. 2022, On Aliased Resizing and Surprising Subtleties in GAN Evaluation."""
