"""The claims of the papers: how they are written down, and the rules that decide them."""
