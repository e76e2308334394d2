"""Elnekave and Weiss 2025."""
