"""Optimal transport: POT, a linear program and brute force on one another, closed forms, and W's laws."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import wasserstein_distance

from replication.pages.theory import convergence, duality, lipschitz, moving_plans, piles, stuck
from replication.transport import divergences, plans, supports

EXACT = 1e-9
patient = settings(deadline=None, max_examples=50)  # a busy machine is no fault of the mathematics


def clouds(count: int, seed: int, size: int = 6, dimension: int = 2):
    """Random points and masses, `count` of each."""
    random = np.random.default_rng(seed)
    return [
        (random.normal(size=(size, dimension)), random.dirichlet(np.ones(size)))
        for _ in range(count)
    ]


def w(one, other) -> float:
    (x, p), (y, q) = one, other
    return plans.wasserstein(p, q, plans.distances(x, y))


# --- three ways to one number ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("p", "q"),
    [
        ((1, 3, 1, 0, 2), (2, 0, 2, 2, 1)),
        ((3, 2, 1, 4), (1, 2, 4, 3)),
        ((3, 1, 0, 2), (1, 2, 3, 0)),
    ],
)
def test_pot_linear_program_and_brute_force_agree(p, q):
    random = np.random.default_rng(1)
    for _ in range(5):
        cost = plans.distances(random.normal(size=(len(p), 2)), random.normal(size=(len(q), 2)))
        brute = min(plans.work(plan, cost) for plan in plans.every_plan(p, q))
        assert plans.wasserstein(p, q, cost) == pytest.approx(brute, abs=EXACT)
        assert plans.work(plans.linear_program(p, q, cost), cost) == pytest.approx(brute, abs=EXACT)


def test_every_plan_is_every_matrix_with_these_sums():
    p, q = (2, 1), (1, 1, 1)
    grid = (np.array(v).reshape(2, 3) for v in itertools.product(range(3), repeat=6))
    expected = {m.tobytes() for m in grid if (m.sum(1) == p).all() and (m.sum(0) == q).all()}
    found = [plan.tobytes() for plan in plans.every_plan(p, q)]
    assert set(found) == expected
    assert len(found) == len(expected)


def test_best_plan_has_the_right_margins_and_refuses_unequal_masses():
    (x, p), (y, q) = clouds(2, seed=3)
    plan = plans.best_plan(p, q, plans.distances(x, y))
    np.testing.assert_allclose(plan.sum(1), p, atol=EXACT)
    np.testing.assert_allclose(plan.sum(0), q, atol=EXACT)
    with pytest.raises(ValueError, match=r"P carries 1, Q 2"):
        plans.best_plan([1.0], [1.0, 1.0], np.zeros((1, 2)))


def test_between_equal_samples_the_best_plan_is_the_best_pairing():
    random = np.random.default_rng(5)
    cost = plans.distances(random.normal(size=(6, 3)), random.normal(size=(6, 3)))
    pairings = (cost[range(6), list(order)].mean() for order in itertools.permutations(range(6)))
    even = np.full(6, 1 / 6)
    assert plans.wasserstein(even, even, cost) == pytest.approx(min(pairings), abs=EXACT)


# --- closed forms ---------------------------------------------------------------------------------


def test_four_piles():
    assert plans.carried(piles.P, piles.Q).tolist() == [0, 2, 2, -1, 0]
    table = piles.data()
    assert table["work"].iloc[-1] == 5
    assert table["pot"][0] == pytest.approx(5, abs=EXACT)
    last = table.iloc[len(piles.P) - 1]
    assert [last[f"pile_{i}"] for i in (1, 2, 3, 4)] == list(piles.Q)
    # Per unit of mass: half a step.
    ten = np.array(piles.P) / 10, np.array(piles.Q) / 10
    assert plans.wasserstein_on_line(np.arange(4.0), *ten) == pytest.approx(0.5, abs=EXACT)


@patient
@given(st.floats(0, 1e6))
def test_two_points_are_as_far_apart_as_they_are(d):
    assert plans.wasserstein([1.0], [1.0], plans.distances([0.0], [d])) == pytest.approx(
        d, rel=EXACT
    )


def test_the_bars_have_their_best_plan_among_all():
    table = moving_plans.data()
    average = table.groupby("plan")["average_distance"].first()
    assert average.iloc[0] == pytest.approx(5 / 7, abs=EXACT)
    assert average.is_monotonic_increasing
    assert table["pot"][0] == pytest.approx(average.iloc[0], abs=EXACT)
    assert table["linear_program"][0] == pytest.approx(average.iloc[0], abs=EXACT)
    for _, moves in table.groupby("plan"):
        assert moves.groupby("from")["blocks"].sum().to_dict() == {1: 1, 2: 3, 3: 1, 5: 2}
        assert moves.groupby("to")["blocks"].sum().to_dict() == {1: 2, 3: 2, 4: 2, 5: 1}


def test_translated_samples_are_a_translation_apart():
    x, p = clouds(1, seed=8)[0]
    shift = np.array([3.0, -4.0])
    assert w((x, p), (x + shift, p)) == pytest.approx(5, abs=EXACT)


def test_w_falls_at_every_step_while_js_stays():
    table = stuck.data()
    assert (np.diff(table["W"]) < 0).all()
    assert table["JS"][:-1].to_numpy() == pytest.approx(np.log(2), abs=EXACT)
    assert table["JS"].iloc[-1] == 0
    assert table["W"].iloc[-1] == pytest.approx(0, abs=EXACT)


# --- laws -----------------------------------------------------------------------------------------


numbers = st.lists(st.floats(-100, 100), min_size=1, max_size=12)


@patient
@given(numbers, numbers)
def test_on_a_line_as_scipy_says(x, y):
    even_x, even_y = np.full(len(x), 1 / len(x)), np.full(len(y), 1 / len(y))
    ours = plans.wasserstein(even_x, even_y, plans.distances(np.array(x), np.array(y)))
    assert ours == pytest.approx(wasserstein_distance(x, y), abs=1e-9, rel=1e-9)
    places, p, q = divergences.on_common_places(np.array(x)[:, None], np.array(y)[:, None])
    assert plans.wasserstein_on_line(places[:, 0], p, q) == pytest.approx(ours, abs=1e-9, rel=1e-9)


@patient
@given(st.integers(0, 10_000))
def test_w_is_a_metric(seed):
    a, b, c = clouds(3, seed)
    assert w(a, a) == pytest.approx(0, abs=EXACT)
    assert w(a, b) == pytest.approx(w(b, a), abs=EXACT)
    assert w(a, b) > 0
    assert w(a, c) <= w(a, b) + w(b, c) + EXACT


@patient
@given(st.integers(0, 10_000), st.floats(-20, 20), st.floats(-20, 20), st.floats(-5, 5))
def test_translation_and_scaling(seed, right, up, factor):
    (x, p), (y, q) = clouds(2, seed)
    before, shift = w((x, p), (y, q)), np.array([right, up])
    assert w((x + shift, p), (y + shift, q)) == pytest.approx(before, abs=1e-8)
    assert w((factor * x, p), (factor * y, q)) == pytest.approx(abs(factor) * before, abs=1e-8)
    # Moving only one of the two changes W by at most the length of the move.
    assert abs(w((x + shift, p), (y, q)) - before) <= np.hypot(right, up) + 1e-8


# --- duality --------------------------------------------------------------------------------------


@patient
@given(st.integers(0, 10_000))
def test_the_critic_reaches_w_and_is_1_lipschitz_everywhere(seed):
    (x, p), (y, q) = clouds(2, seed)
    duals = plans.anchors(p, q, plans.distances(x, y))
    anywhere = np.vstack([x, y, np.random.default_rng(seed).normal(size=(30, 2)) * 5])
    f = plans.potential(plans.distances(anywhere, y), duals)
    assert f[:6] @ p - f[6:12] @ q == pytest.approx(w((x, p), (y, q)), abs=EXACT)
    assert plans.steepest(f, plans.distances(anywhere, anywhere)) <= 1 + EXACT


def test_the_panel_shows_one_number_from_both_sides():
    table = duality.data()
    assert table["primal"].to_numpy() == pytest.approx(table["dual"].to_numpy(), abs=EXACT)
    assert (table["slope"] <= 1 + EXACT).all()
    # Where the best plan of the plane carries a point, the critic falls by exactly the distance.
    part = table[table["part"] == "plane"].reset_index(drop=True)
    for row in part[part["p"] > 0].itertuples():
        to = part.iloc[int(row.partner)]
        assert row.f - to["f"] == pytest.approx(
            np.hypot(row.x - to["x"], row.y - to["y"]), abs=EXACT
        )


def test_smooth_is_not_lipschitz():
    x = np.linspace(-3, 3, 301)
    assert lipschitz.chord("|x|", x) == pytest.approx(1, abs=EXACT)
    assert lipschitz.chord("gentle", x) <= 0.9
    for reach in (
        1,
        10,
        100,
    ):  # x^2 is steeper than 2 R - 0.01 somewhere within [-R, R], for every R
        assert lipschitz.chord("x²", np.array([reach - 0.01, reach])) == pytest.approx(
            2 * reach - 0.01
        )


# --- which convergence implies which --------------------------------------------------------------


def test_convergence_panel_shows_what_it_says():
    table = convergence.data().set_index(["sequence", "n"])
    last = table.xs(convergence.STEPS[-1], level="n")
    small = last < 0.01
    assert small.loc["a wave that fades"].all()
    assert small.loc["a fading outlier"].to_dict() == dict.fromkeys(small.columns, True) | {
        "KL": False
    }
    assert np.isinf(table.loc["a fading outlier", "KL"]).all()
    assert np.isinf(table.loc["a missing piece", "reverse KL"]).all()
    assert small.loc["a missing piece"].sum() == 4
    atoms = table.loc["finer and finer atoms"]
    assert atoms["W"].to_numpy() == pytest.approx([1 / (4 * n) for n in atoms.index], abs=EXACT)
    assert atoms["JS"].to_numpy() == pytest.approx(np.log(2), abs=EXACT)
    assert atoms["TV"].to_numpy() == pytest.approx(1, abs=EXACT)
    flees = table.loc["an outlier that flees"]
    assert flees["W"].to_numpy() == pytest.approx(1, abs=EXACT)
    assert flees["TV"].to_numpy() == pytest.approx([1 / n for n in flees.index], abs=EXACT)


# --- supports -------------------------------------------------------------------------------------


def test_separability_by_hand():
    corners = np.array([[0.0, 0], [1, 1], [0, 1], [1, 0]])
    assert supports.separable(corners, np.array([True, False, False, False]))
    assert not supports.separable(corners, np.array([True, True, False, False]))  # exclusive or
    assert supports.separable(np.random.default_rng(0).normal(size=(5, 4)), np.arange(5) % 2 == 0)


def test_cover_counts_every_labelling_of_five_points_in_the_plane():
    points = np.random.default_rng(2).normal(size=(5, 2))
    labellings = [np.array(bits) for bits in itertools.product([False, True], repeat=5)]
    share = np.mean([supports.separable(points, labels) for labels in labellings])
    assert supports.cover_probability(5, 2) == pytest.approx(share, abs=EXACT)


def test_gaps_of_lines():
    a, u = np.zeros(3), np.array([1.0, 0, 0])
    b, v = np.array([5.0, 2, 3]), np.array([0.0, 1, 0])
    assert supports.gap_of_lines(a, u, b, v) == pytest.approx(3, abs=EXACT)
    assert supports.nearest_on_lines(a, u, b, v) == pytest.approx((5, -2), abs=EXACT)
    random = np.random.default_rng(4).normal(size=(50, 4, 3))
    for a, u, b, v in random:
        s, t = supports.nearest_on_lines(a, u, b, v)
        apart = np.linalg.norm(a + s * u - b - t * v)
        assert supports.gap_of_lines(a, u, b, v) == pytest.approx(apart, abs=EXACT)
