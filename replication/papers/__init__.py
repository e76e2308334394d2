"""One folder per paper, one file per panel: a figure of that paper, re-made from our runs."""
