"""What does an objective know of the quality of images when nothing tells it the time? Critics on frozen generators.

As `frozen_generators`, on the digits, where quality is FID through the data set's own classifier: generators of two
methods at three ages, the oldest also with noise in its weights, and a critic of each objective trained on each of
them from the same initial weights for k steps. FID of another draw of samples from the same generator is the ceiling;
exact W1 of a batch, on pixels, is the rival that needs no critic.

Deviations: perceptrons, a generator with hidden layers of 128 and 256 units and batch normalisation, critics with two
of 64; Adam at 1e-3 for both players; batches of 32; weights clipped to 0.05; 1,000 samples. The estimates are taken on
held-out digits. See also `_objectives`. Two set-ups came before on seeds 100 to 105: with generators of 300 steps FID
of the worst was 1.2 times that of the best, and the control failed; with generators of at most 800 it was 2.1 times,
and after 300 steps, where the ladder then ended, the order that critics gave still changed. Ages, noise and ladder of
this one were chosen on seeds 0 and 1, and its seeds are fresh.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import torch
from torch import Tensor, nn

from replication.data import _base as data
from replication.experiments import _base, _quality
from replication.experiments._objectives import CRITICS, OBJECTIVES, Played, read
from replication.experiments.frozen_generators import disturb, of
from replication.features import lenet
from replication.losses import energy, wasserstein
from replication.methods._base import Method
from replication.metrics._frechet import Moments, frechet
from replication.nets import mlp
from replication.nets._layers import initialise
from replication.plan.config import Evaluation, Experiments
from replication.plan.paths import Paths
from replication.techniques import clipping, pulling_away
from replication.tensors.draws import Draws
from replication.tensors.levels import to_float, to_uint8

DATASET = "mnist_5k"
FIRST, SEEDS = 200, 8
Z_DIM, GENERATOR, CRITIC, BATCH = 32, (128, 256), (64, 64), 32

#: What trains the generators, after how many steps of theirs each is frozen, and noise in the weights of the last.
TRAINED_BY = {"lsgan": (100, 300, 2000), "wgan_gp": (40, 100, 600)}
NOISES = (0.6, 1.2)
LADDER = (10, 100, 1000)

#: Samples that a critic is trained on, and those of a score; the latter at least so many, so that there are moments.
POOL, SAMPLES, FEWEST = 1000, 1000, 100
#: Images a side in the W1 of a batch.
TRANSPORT = 256

CLIP, MARGIN = 0.05, 10.0
ON_IMAGES = OBJECTIVES | {
    "ebgan": replace(
        OBJECTIVES["ebgan"],
        method=lambda: Method(energy.Loss(MARGIN), pulling_away.Technique(0.1)),
    ),
    "wgan_clip": replace(
        OBJECTIVES["wgan_clip"],
        method=lambda: Method(wasserstein.Loss(), clipping.Technique(CLIP)),
    ),
}


def measure(budget: Experiments, paths: Paths) -> pd.DataFrame:
    """One row per generator and critic.

    Columns ``seed``; of the generator ``trained_by``, ``age`` (its steps) and ``noise`` (in its weights, relative);
    ``fid``, ``fid_again`` (of other samples) and ``w1_batch`` (exact, pixels); ``critic``, ``k`` (its steps),
    ``estimate`` and ``over_k`` (score gap over the Lipschitz estimate).
    """
    images = data.load(paths.dataset(DATASET))
    seeds = range(FIRST, FIRST + min(SEEDS, budget.seeds))
    about, generators = _frozen(seeds, images, budget)
    draws = Draws(about["seed"].tolist())
    n = max(FEWEST, min(SAMPLES, budget.steps(SAMPLES)))
    z = Draws(seeds).normal("frozen/z", 0, (POOL + 2 * n, Z_DIM))
    with torch.no_grad():
        made = torch.cat([net(z) for net in generators])
    pool, asked, again = made.split([POOL, n, n], 1)
    real = _base.pool(images.heldout)(draws, "asked", 0, n)
    judge = _Judge(paths, images.heldout)
    few = min(TRANSPORT, n)
    w1 = _quality.wasserstein(real[:, :few].flatten(2), asked[:, :few].flatten(2))
    about = about.assign(fid=judge.fid(asked), fid_again=judge.fid(again), w1_batch=w1)
    parts = [
        about.assign(critic=critic, k=k, estimate=estimate.numpy(), over_k=over.numpy())
        for critic in CRITICS
        for k, estimate, over in _ladder(critic, images.train, pool, real, asked, draws, budget)
    ]
    return pd.concat(parts, ignore_index=True)


class _Judge:
    """FID against held-out images through the data set's classifier."""

    def __init__(self, paths: Paths, heldout: Tensor) -> None:
        extractor = lenet.load(
            paths,
            DATASET,
            Evaluation(samples=SAMPLES, transport_samples=TRANSPORT),
            torch.device("cpu"),
        )
        assert extractor is not None
        self.extractor = extractor
        self.real = self._moments(heldout)

    def fid(self, made: Tensor) -> list[float]:
        """Of images [generators, n, C, H, W], as a saved file would hold them."""
        return [frechet(self.real, self._moments(to_float(to_uint8(own)))) for own in made]

    def _moments(self, images: Tensor) -> Moments:
        features, _ = self.extractor.extract(images)
        return Moments(features.shape[1]).add(features)


def _frozen(
    seeds: range, images: data.Images, budget: Experiments
) -> tuple[pd.DataFrame, list[nn.Module]]:
    """Generators of every method and age, each of all seeds, and what they are."""
    draws, rows, nets = Draws(seeds), [], list[nn.Module]()
    for name, ages in TRAINED_BY.items():
        objective, shape = ON_IMAGES[name], images.shape
        recipe = objective.recipe(batch=BATCH)
        critic = objective.critic(draws, CRITIC, shape, mlp)
        generator = _generator(draws, shape)
        play = Played(objective, recipe, generator, critic, _base.pool(images.train), draws, Z_DIM)
        for age in ages:
            play.until(budget.steps(age))
            nets.append(_copied(generator, draws, shape, 0.0))
            rows += [(seed, name, age, 0.0) for seed in seeds]
        for noise in NOISES:
            nets.append(_copied(generator, draws, shape, noise))
            rows += [(seed, name, ages[-1], noise) for seed in seeds]
    return pd.DataFrame(rows, columns=["seed", "trained_by", "age", "noise"]), nets


def _generator(draws: Draws, shape: tuple[int, ...]) -> nn.Module:
    settings = {"z_dim": Z_DIM, "generator": list(GENERATOR)}
    net = mlp.generator(len(draws.seeds), shape, settings, "batch")  # type: ignore[arg-type]
    initialise(net, mlp.INIT, "generator", draws)
    return net


def _copied(net: nn.Module, draws: Draws, shape: tuple[int, ...], noise: float) -> nn.Module:
    copy = _generator(draws, shape)
    copy.load_state_dict(net.state_dict())
    disturb(copy, draws, noise)
    return copy.eval()


def _ladder(
    name: str,
    train: Tensor,
    pool: Tensor,
    real: Tensor,
    asked: Tensor,
    draws: Draws,
    budget: Experiments,
) -> Iterator[tuple[int, Tensor, Tensor]]:
    """A critic of an objective on every generator at once: k, estimate and gap over K on the ladder."""
    objective = ON_IMAGES[name]
    critic = objective.critic(draws, CRITIC, tuple(train.shape[1:]), mlp)
    trial = _base.Trial(
        objective.method(), critic, objective.recipe(batch=BATCH), _base.pool(train), of(pool), draws
    )  # fmt: skip
    for k in LADDER:
        trial.train(budget.steps(k) - trial.step)
        yield k, *read(trial.method, trial.net, real, asked, draws)
