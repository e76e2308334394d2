"""Random numbers as functions of (seed, stream, index)."""

from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from replication.plan.config import Recipe
from replication.techniques._batch import BLOCK, HOT
from replication.tensors.draws import Draws
from replication.training.batches import Batches

RECIPE = Recipe(source="test", critic_lr=1e-3, generator_lr=1e-3, batch=8)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=4, unique=True), st.integers(0, 10**6))
def test_a_seed_draws_the_same_whoever_is_beside_it(seeds: list[int], index: int):
    together = Draws(seeds).normal("z", index, (3,))
    for i, seed in enumerate(seeds):
        assert torch.equal(together[i], Draws([seed]).normal("z", index, (3,))[0])


def test_streams_indices_and_seeds_differ():
    draws = Draws([0, 1])
    samples = [
        draws.normal("z", 0, (8,))[0],
        draws.normal("z", 0, (8,))[1],
        draws.normal("z", 1, (8,))[0],
        draws.normal("other", 0, (8,))[0],
    ]
    for i, a in enumerate(samples):
        assert all(not torch.equal(a, b) for b in samples[:i])


def test_indices_do_not_overlap():
    # A long draw at index 0 must not run into the numbers of index 1.
    long, following = Draws([0]).uniform("u", 0, (200_000,)), Draws([0]).uniform("u", 1, (8,))
    starts = (long[0] == following[0, 0]).nonzero().flatten()
    assert all(not torch.equal(long[0, s : s + 8], following[0]) for s in starts)


def test_laws():
    draws = Draws([7])
    assert stats.kstest(draws.normal("a", 0, (20_000,))[0].numpy(), "norm").pvalue > 1e-3
    assert stats.kstest(draws.uniform("b", 0, (20_000,))[0].numpy(), "uniform").pvalue > 1e-3
    assert sorted(draws.permutation("c", 0, 50)[0].tolist()) == list(range(50))


def test_an_epoch_shows_every_image_once():
    images = torch.arange(48.0).reshape(48, 1, 1, 1)
    batches = Batches(images, Draws([0, 1]), RECIPE, z_dim=2)
    for epoch in range(3):
        seen = torch.cat([batches.real(6 * epoch + i)[0] for i in range(6)], 1)
        for seed in range(2):
            assert sorted(seen[seed].flatten().tolist()) == list(range(48))


def test_batches_depend_on_their_index_alone():
    images, labels = torch.arange(40.0).reshape(40, 1, 1, 1), torch.arange(40)
    straight = Batches(images, Draws([0]), RECIPE, z_dim=2, labels=labels)
    forward = [numbers(straight, i) for i in range(3 * BLOCK)]
    for i in (2 * BLOCK + 5, 7, BLOCK - 1, BLOCK):
        fresh = Batches(images, Draws([0]), RECIPE, z_dim=2, labels=labels)
        for a, b in zip(forward[i], numbers(fresh, i), strict=True):
            assert torch.equal(a, b)


def numbers(batches: Batches, i: int) -> list[torch.Tensor]:
    """All that critic step i and generator step i are fed, small and large noise included."""
    found = []
    for batch in (batches.critic(i), batches.generator(i, i + 1)):
        assert torch.equal(batch.real.flatten(), batch.labels.flatten())
        small, large = batch.noise.uniform("epsilon", (8,)), batch.noise.normal("n", (HOT + 1,))
        found += [batch.real, batch.labels, batch.z, small, large]
    return found


def test_noise_is_its_names_and_its_players_own():
    batches = Batches(torch.zeros(40, 1, 1, 1), Draws([0, 1]), RECIPE, z_dim=2)
    critic, generator = batches.critic(3).noise, batches.generator(3, 4).noise
    streams = [
        noise.normal(name, (5,))
        for noise in (
            critic,
            critic.of("real"),
            critic.of("fake"),
            generator,
            batches.critic(4).noise,
        )
        for name in ("a", "b")
    ]
    assert torch.equal(critic.normal("a", (5,)), streams[0])
    different = torch.stack(streams)
    assert len(torch.unique(different, dim=0)) == len(streams)
    assert not torch.equal(streams[0][0], streams[0][1]), "every seed has its own"


def test_uniform_z_lies_in_its_cube():
    batches = Batches(
        torch.zeros(40, 1, 1, 1), Draws([0]), RECIPE.model_copy(update={"z": "uniform"}), 50
    )
    z = batches.z("critic", 0)
    assert -1 <= z.min() < -0.9
    assert 0.9 < z.max() < 1
