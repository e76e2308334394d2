"""What lecture notes on GANs draw by hand, computed."""

CITATION = "Theory: what lecture notes draw, computed"
ARXIV = ""
