"""Barratt and Sharma 2018, A Note on the Inception Score."""
