"""The exact ground: what lecture notes on GANs draw by hand, computed."""

CITATION = "The exact ground: what lecture notes draw, computed"
ARXIV = ""
