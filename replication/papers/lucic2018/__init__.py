"""Lucic et al. 2018, Are GANs Created Equal? A Large-Scale Study."""

CITATION = (
    "Lucic, Kurach, Michalski, Gelly and Bousquet 2018, Are GANs Created Equal? A Large-Scale Study"
)
ARXIV = "1711.10337"
