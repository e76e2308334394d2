"""Barratt and Sharma 2018, A Note on the Inception Score."""

CITATION = "Barratt and Sharma 2018, A Note on the Inception Score"
ARXIV = "1801.01973"
