"""Elnekave and Weiss 2025."""

CITATION = (
    "Elnekave and Weiss 2025, "
    "Do WGANs succeed because they minimize the Wasserstein Distance? Lessons from Discrete Generators"
)
ARXIV = ""
OPENREVIEW = "7YXaOvunqo"
