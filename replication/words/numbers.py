"""Numbers as text, alike on pages, in figures and in the terminal. No torch and no matplotlib here."""

from __future__ import annotations

import math

#: Stands for a number that is not there.
MISSING = "–"

#: Between these magnitudes a number is written out; beyond them as ``2.38·10⁻¹³``.
SMALLEST, LARGEST = 1e-4, 1e6

#: Most decimals of a number that is written out.
DECIMALS = 6

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def plain(value: float, form: str = ".2f") -> str:
    """A number in one of Python's formats, with a true minus sign, and none before zero."""
    text = format(value, form)
    zero = math.isfinite(value) and not float(text.replace(",", ""))
    return text.lstrip("-") if zero else text.replace("-", "−")


def amount(value: float, digits: int = 3) -> str:
    """A number that stands alone, to three digits without trailing zeros: ``0.5``, ``12,345``, ``2.38·10⁻¹³``."""
    if not math.isfinite(value):
        return _not_finite(value)
    if 10**digits - 0.5 <= abs(value) < LARGEST:
        return plain(value, ",.0f")
    text = f"{value:.{digits}g}"
    return _power(text) if "e" in text else plain(value, f".{digits}g")


def rounded(value: float, *beside: float, digits: int = 3) -> str:
    """A number with as many decimals as give the largest of it and those beside it three digits."""
    if not math.isfinite(value):
        return _not_finite(value)
    largest = max((abs(x) for x in (value, *beside) if math.isfinite(x)), default=0.0)
    if largest >= LARGEST or 0 < largest < SMALLEST:
        return _power(f"{value:.{digits - 1}e}") if value else "0"
    return plain(value, f",.{_decimals(largest, digits)}f")


def interval(low: float, high: float, mean: float = math.nan, digits: int = 3) -> str:
    """``23.7 to 26.1``: both ends with the decimals of the mean beside them; empty where an end is missing."""
    if math.isnan(low) or math.isnan(high):
        return ""
    return f"{rounded(low, high, mean, digits=digits)} to {rounded(high, low, mean, digits=digits)}"


def estimate(mean: float, low: float, high: float, digits: int = 3) -> str:
    """``25.2 (23.7 to 26.1)``, or the mean alone where it has no interval."""
    ends = interval(low, high, mean, digits)
    text = rounded(mean, low, high, digits=digits)
    return f"{text} ({ends})" if ends else text


def p_value(p: float) -> str:
    """A p value to two digits: ``0.031``, ``< 0.0001``; empty where there is none."""
    if math.isnan(p):
        return ""
    return "< 0.0001" if p < 1e-4 else amount(p, 2)


def size(count: float) -> str:
    """Bytes as ``1.5 GiB``, ``20.0 MiB`` or ``3.0 KiB``."""
    for power, unit in ((30, "GiB"), (20, "MiB")):
        if count >= 2**power:
            return f"{count / 2**power:,.1f} {unit}"
    return f"{count / 2**10:,.1f} KiB"


def _decimals(largest: float, digits: int) -> int:
    """Decimals that give a magnitude so many digits; counted after rounding, so that 9.996 is 10.0."""
    if largest == 0:
        return digits - 1
    exponent = int(f"{largest:.{digits - 1}e}".partition("e")[2])
    return min(DECIMALS, max(0, digits - 1 - exponent))


def _power(text: str) -> str:
    """``-2.50e-07`` as ``−2.5·10⁻⁷``."""
    mantissa, _, exponent = text.partition("e")
    sign = "−" if mantissa.startswith("-") else ""
    mantissa = mantissa.lstrip("-")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    ten = "10" + str(int(exponent)).translate(SUPERSCRIPTS)
    return sign + (ten if mantissa == "1" else f"{mantissa}·{ten}")


def _not_finite(value: float) -> str:
    return MISSING if math.isnan(value) else plain(value, "f").replace("inf", "∞")
