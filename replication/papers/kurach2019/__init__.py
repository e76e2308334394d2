"""Kurach et al. 2019, A Large-Scale Study on Regularization and Normalization in GANs."""

CITATION = (
    "Kurach, Lucic, Zhai, Michalski and Gelly 2019, "
    "A Large-Scale Study on Regularization and Normalization in GANs"
)
ARXIV = "1807.04720"
