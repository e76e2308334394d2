"""What lecture notes on GANs draw by hand, computed."""

TITLE = "Theory: what lecture notes draw, computed"
