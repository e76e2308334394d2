"""Srivastava et al. 2017, VEEGAN: Reducing Mode Collapse in GANs using Implicit Variational Learning."""

CITATION = (
    "Srivastava, Valkov, Russell, Gutmann and Sutton 2017, "
    "VEEGAN: Reducing Mode Collapse in GANs using Implicit Variational Learning"
)
ARXIV = "1705.07761"
