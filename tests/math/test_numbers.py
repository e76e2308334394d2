"""Numbers as text, against examples written by hand."""

from __future__ import annotations

import math

import pytest

from replication.words import numbers

NAN = math.nan


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (-0.0, "0"), (0.55, "0.55"), (-0.25, "−0.25"), (20.0, "20"), (999.4, "999"), (999.7, "1,000"),
        (12345.0, "12,345"), (1e9, "10⁹"), (-2.5e7, "−2.5·10⁷"), (1e-6, "10⁻⁶"), (2.38365e-13, "2.38·10⁻¹³"),
        (-1e-300, "−10⁻³⁰⁰"), (NAN, "–"), (math.inf, "∞"), (-math.inf, "−∞"),
    ],
)  # fmt: skip
def test_amounts_are_short_and_have_no_e(value: float, text: str) -> None:
    assert numbers.amount(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.00"), (-0.0, "0.00"), (18.345, "18.3"), (0.65432, "0.654"), (123.6, "124"), (1234.5, "1,234"),
        (9.996, "10.0"), (0.09996, "0.100"), (-0.0123, "−0.0123"), (0.00012, "0.000120"), (2.38365e-13, "2.38·10⁻¹³"),
        (-0.00002, "−2·10⁻⁵"), (4.56789e9, "4.57·10⁹"), (999_999.0, "999,999"), (NAN, "–"), (math.inf, "∞"),
    ],
)  # fmt: skip
def test_rounded_numbers_have_three_digits(value: float, text: str) -> None:
    assert numbers.rounded(value) == text


@pytest.mark.parametrize(
    ("mean", "low", "high", "text"),
    [
        (25.21, 23.7, 26.14, "25.2 (23.7 to 26.1)"),
        (9.8, 9.1, 10.4, "9.8 (9.1 to 10.4)"),
        (0.0003, -1.2, 1.3, "0.00 (−1.20 to 1.30)"),
        (-0.001, -0.5, 0.5, "−0.001 (−0.500 to 0.500)"),
        (-0.0001, -0.5, 0.5, "0.000 (−0.500 to 0.500)"),
        (99.96, 99.91, 100.01, "100 (100 to 100)"),
        (1234.0, 987.6, 1500.2, "1,234 (988 to 1,500)"),
        (0.0, 0.0, 0.0, "0.00 (0.00 to 0.00)"),
        (-2e-7, -3e-7, 0.0, "−2·10⁻⁷ (−3·10⁻⁷ to 0)"),
        (6.8, -math.inf, 9.0, "6.80 (−∞ to 9.00)"),
        (1.0, NAN, NAN, "1.00"),
        (NAN, NAN, NAN, "–"),
    ],
)
def test_a_mean_and_both_ends_have_the_same_decimals(
    mean: float, low: float, high: float, text: str
) -> None:
    assert numbers.estimate(mean, low, high) == text


def test_an_interval_without_its_ends_is_no_text() -> None:
    assert numbers.interval(NAN, 1.0) == numbers.interval(1.0, NAN) == ""
    assert numbers.estimate(25.214, 23.75, 26.1, digits=4) == "25.21 (23.75 to 26.10)"


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.0, "< 0.0001"), (9.9e-5, "< 0.0001"), (1e-4, "0.0001"), (0.03125, "0.031"), (1.0, "1"), (NAN, "")],
)  # fmt: skip
def test_p_values_have_two_digits_and_are_never_zero(p: float, text: str) -> None:
    assert numbers.p_value(p) == text


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [(-0.004, ".2f", "0.00"), (-0.5, ".2f", "−0.50"), (0.5, "+.2f", "+0.50"), (-1e-9, ".1e", "−1.0e−09"),
     (-1234.0, ",.0f", "−1,234"), (NAN, ".2f", "nan")],
)  # fmt: skip
def test_plain_numbers_have_a_true_minus_and_no_negative_zero(
    value: float, form: str, text: str
) -> None:
    assert numbers.plain(value, form) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0.0 KiB"), (1536, "1.5 KiB"), (20 * 2**20, "20.0 MiB"), (3 * 2**29, "1.5 GiB"), (2**42, "4,096.0 GiB")],
)  # fmt: skip
def test_sizes_have_a_unit(count: float, text: str) -> None:
    assert numbers.size(count) == text
