"""Each statement is refuted by its own counter-example, with numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from replication.pages.theory import refuted as panel
from replication.transport import refuted

CASES = {case.key: case for case in refuted.cases()}

#: What is said and what is true, by hand.
KERNEL = 1 + math.exp(0.5) + math.exp(2)
BY_HAND = {
    "kernel_sum": (1, (1 + math.exp(-0.5) + math.exp(-2)) / KERNEL),
    "kernel_batch": (0, 1 / 3 - 1 / KERNEL),
    "kernel_sigmoid": (0, 0.5),
    "one_and_zero": (1, 0.5),
    "smoothing": (0.1, 0),
    "classifier": (1, 10),
    "by_weights": (4, 0),
    "square_outside": (0, 1),
    "at_samples": (0, 40.5),
    "two_sided": (0, 0.25),
    "clipping": (1, 0.01**4 * 512**3 * math.sqrt(784)),
    "half_shifted": (-1, 0),
    "measure": (-1, 1),
    "density": (20 / (math.sqrt(2 * math.pi) * 4), math.erf(5 / math.sqrt(2))),
    "js_bound": (1, math.log(2)),
    "smooth": (2, 200),
    "least_squares": (0.9, 0),
    "keeps_log": (0.9, 0),
    "stop": (0, 0.1),
    "soft_sign": (0, 10),
    "no_generator": (0, 1),
}


def test_no_case_goes_unchecked():
    assert CASES.keys() == BY_HAND.keys()


@pytest.mark.parametrize("key", BY_HAND)
def test_counter_example(key):
    case, (said, true) = CASES[key], BY_HAND[key]
    # A grid that ends beside 100 sees a slope of 199.99; a search finds D to 1e-8.
    assert case.true == pytest.approx(true, rel=1e-4, abs=1e-7)
    assert case.said == pytest.approx(said, rel=1e-9, abs=1e-9)
    assert abs(case.said - case.true) > 0.05


def test_the_clipped_net_is_as_steep_as_autograd_says():
    layers = [
        torch.nn.Linear(a, b, bias=False, dtype=torch.float64)
        for a, b in ((784, 512), (512, 512), (512, 512), (512, 1))
    ]
    for layer in layers:
        torch.nn.init.constant_(layer.weight, 0.01)
    net = torch.nn.Sequential(
        layers[0],
        torch.nn.ReLU(),
        layers[1],
        torch.nn.ReLU(),
        layers[2],
        torch.nn.ReLU(),
        layers[3],
    )
    x = torch.ones(1, 784, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(net(x).sum(), x)
    ours = refuted.clipped_slope((784, 512, 512, 512, 1), 0.01)
    assert ours == pytest.approx(gradient.norm().item(), rel=1e-9)
    # The bound over all nets with such weights, by clip: vanishing, mild, exploding.
    slopes = [refuted.clipped_slope((784, 512, 512, 512, 1), clip) for clip in (0.001, 0.01, 0.1)]
    assert slopes == pytest.approx([0.0038, 37.6, 3.8e5], rel=0.02)


def test_the_kernel_never_sums_to_one():
    random = np.random.default_rng(0)
    assert all(refuted.batch_kernel(random.normal(size=8)).sum() < 1 for _ in range(100))


def test_the_shifted_distance_of_a_sample_from_itself_is_minus_one_for_every_critic():
    random = np.random.default_rng(1)
    for _ in range(20):
        d = random.normal(size=9)
        assert refuted.half_shifted(d, d) == pytest.approx(-1, abs=1e-12)


def test_the_soft_sign_falls_for_ever_and_its_slope_vanishes():
    p = np.linspace(0, 100, 1001)
    loss = refuted.soft_sign(0.0, p, 100.0)
    assert (np.diff(loss) < 0).all()
    assert abs(loss[-1] - loss[-2]) < 1e-6


def test_the_panel_lists_every_case():
    table = panel.data()
    assert table["key"].tolist() == list(CASES)
    assert table["difference"].min() > 0.05
