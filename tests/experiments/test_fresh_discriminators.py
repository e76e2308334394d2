"""Fresh discriminators: the noise of gradients by hand, and what the panel reads from steps."""

import pandas as pd
import pytest
import torch

from replication.experiments.fresh_discriminators import variation
from replication.papers.arjovsky_bottou2017 import fig1


def test_the_variation_of_two_gradients_by_hand() -> None:
    # Mean (2, 0) of norm 2; both lie at distance 1 from it.
    assert variation(torch.tensor([[2.0, 1.0], [2.0, -1.0]])) == pytest.approx(0.5)
    assert variation(torch.tensor([[3.0, 4.0], [3.0, 4.0]])) == 0.0


def rows(accuracy: list[float], norm: list[float], noise: list[float], **more: int) -> pd.DataFrame:
    own = {"step": [0, 10, 100], "accuracy": accuracy, "norm": norm, "noise": noise}
    return pd.DataFrame(own | more)


def table() -> pd.DataFrame:
    """Two ages of one seed; the older generator fools the discriminator longer, and for good."""
    young = rows([0.5, 0.9995, 1.0], [1.0, 1.0, 10.0], [1.0, 2.0, 4.0], seed=0, age=1)
    old = rows([0.5, 0.8, 0.99], [1.0, 1.0, 1000.0], [1.0, 2.0, 1.0], seed=0, age=25)
    return pd.concat([young, old], ignore_index=True)


def test_a_discriminator_that_never_is_perfect_took_a_step_more_than_all() -> None:
    found = fig1.evidence(table())
    assert found["AB17-C1"] == [101.0]
    # One and three orders; four times as noisy and as noisy as before.
    assert found["AB17-C3a"] == pytest.approx([2.0])
    assert found["AB17-C3b"] == pytest.approx([2.0])


def test_controls_are_the_lowest_accuracy_and_how_much_harder_the_oldest_is() -> None:
    found = fig1.controls(table())
    assert found["AB17-C3a"] == {"accuracy": [0.99]}
    # Mean errors over the first ten steps: .35 against .25025.
    assert found["AB17-C1"]["learned"] == pytest.approx([0.35 / 0.25025])
    assert found["AB17-C1"]["passes"] == [8.0]
