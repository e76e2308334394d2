"""Chong and Forsyth 2020, Effectively Unbiased FID and Inception Score and where to find them."""
