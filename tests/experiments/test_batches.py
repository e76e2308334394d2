"""Batches and means: closed forms on points, and both outcomes where the mathematics says so."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from replication.experiments import batches
from replication.papers.stanczuk2021 import mean_images


def clouds(d: int, n: int = 60):
    random = np.random.default_rng(d)
    return [random.normal(size=(n, d)) for _ in range(3)]


def test_transport_to_one_repeated_point_is_the_mean_distance():
    batch, other, third = clouds(3)
    found = batches.distances(batch, other, third)
    assert found["own_mean"] == pytest.approx(np.linalg.norm(batch - batch.mean(0), axis=1).mean())
    assert batches.transport(batch, batch) == pytest.approx(0, abs=1e-12)


def test_in_many_dimensions_the_mean_is_nearer_and_in_one_the_other_batch():
    """Of N(0, I): points are sqrt(2 d) apart, and sqrt(d) from their mean; on a line, batches overlap."""
    many = batches.distances(*clouds(200))
    assert many["own_mean"] == pytest.approx(200**0.5, rel=0.05)
    assert many["own_mean"] < many["real"] < 1.05 * 400**0.5
    line = batches.distances(*clouds(1, 400))
    assert line["real"] < line["own_mean"]


def test_k_means_finds_clusters_and_keeps_a_centre_without_points():
    random = np.random.default_rng(0)
    places = np.array([[0.0, 0.0], [5.0, 0.0], [0.0, 5.0]])
    x = np.concatenate([places, np.repeat(places, 50, 0) + 0.01 * random.normal(size=(150, 2))])
    assert batches.k_means(x, 3) == pytest.approx(places, abs=0.02)
    twice = np.concatenate([places[:1], places[:1], places[1:]])
    assert np.isfinite(batches.k_means(twice, 2)).all()


def test_the_smallest_batch_decides_and_the_larger_ones_are_told():
    rows = [
        (0, 0, 64, 2, 1),
        (0, 0, 128, 2, 1),
        (0, 1, 64, 1, 2),
        (0, 1, 128, 1, 2),
        (0, 2, 64, 3, 1),
    ]
    table = pd.DataFrame(rows, columns=["seed", "draw", "batch", "real", "own_centres"])
    assert mean_images.evidence(table) == {"STA21-C2": [1.0, 0.0, 1.0]}
    assert mean_images.remarks(table) == {"STA21-C2": "with larger batches, 1 of 2 at 128 images"}
    assert mean_images.remarks(table[table["batch"] == 64]) == {}
