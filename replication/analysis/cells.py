"""The values of a log's column as numbers, however they were written."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: What stands for a value that is missing or no finite number.
MISSING = ("", "-", "–", "nan", "<na>", "none", "null", "na", "n/a", "inf", "infinity")


def numbers(column: pd.Series) -> pd.Series:
    """A column as float64; what is no finite number is NaN. A decimal comma is understood."""
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        found = column.astype(np.float64)
    else:
        words = _text(column)
        found = pd.to_numeric(words, errors="coerce")
        comma = words.str.fullmatch(r"[+-]?\d+,\d+(?:[eE][+-]?\d+)?")
        found = found.mask(comma, pd.to_numeric(words.str.replace(",", "."), errors="coerce"))
    return found.astype(np.float64).replace([np.inf, -np.inf], np.nan)


def garbled(column: pd.Series) -> int:
    """How many values of a column are words that stand neither for a number nor for a missing one."""
    if pd.api.types.is_numeric_dtype(column):
        return 0
    words = _text(column)
    return int((numbers(column).isna() & ~words.str.lstrip("+-").str.lower().isin(MISSING)).sum())


def _text(column: pd.Series) -> pd.Series:
    return column.map(
        lambda value: "" if isinstance(value, bool | list | dict) else str(value).strip()
    )
