"""Parmar et al. 2022, On Aliased Resizing and Surprising Subtleties in GAN Evaluation."""

CITATION = (
    "Parmar, Zhang and Zhu 2022, On Aliased Resizing and Surprising Subtleties in GAN Evaluation"
)
ARXIV = "2104.11222"
