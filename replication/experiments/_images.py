"""What experiments share that train a GAN on images: DCGAN of width 16 under a method's own recipe."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import torch
from torch import Tensor, nn

from replication.nets import dcgan
from replication.plan import recipes, registry
from replication.plan.config import NetAlias, Recipe, Run
from replication.tensors.draws import Draws
from replication.training.batches import Batches, sample_z
from replication.training.game import Game

NET = NetAlias.model_validate({"net": "dcgan", "settings": {**dcgan.SETTINGS, "width": 16}})
Z_DIM = int(NET.settings["z_dim"])  # type: ignore[arg-type]

#: Samples that are made at once.
BLOCK = 500


def run_of(method: str, dataset: str, seed: int) -> Run:
    """A run of a method's own recipe, as a study would plan it; its steps are the experiment's."""
    recipe = Recipe.model_validate(recipes.preset(method))
    classes = int(registry.metadata("data", dataset)["CLASSES"])
    return Run(
        dataset=dataset, net=NET, net_name="dcgan_16", method=method, variant="paper", seeds=(seed,),
        recipe=recipe, steps=1, checkpoints=(1,), logs=(1,), log_batch=1, copied_critic_steps=0,
        kind="images", classes=classes, device="cpu", threads=1, compile=False,
    )  # fmt: skip


def generators(run: Run, images: Tensor, ages: list[int]) -> Iterator[nn.Module]:
    """The generator of a run after so many generator steps each; the same object, which goes on training.

    Args:
        run: of `run_of`.
        images: to train on, float [n, C, H, W] in [-1, 1].
        ages: generator steps, increasing.
    """
    game = Game.set_up(run, tuple(images.shape[1:]), torch.device("cpu"))
    batches = Batches(images, Draws(run.seeds), run.recipe, Z_DIM)
    done = 0
    for before, age in pairwise([0, *ages]):
        for step in range(before, age):
            for _ in range(run.recipe.n_critic):
                game.critic_step(batches.critic(done))
                done += 1
            game.generator_step(batches.generator(step, done))
        game.generator.eval()
        yield game.generator
        game.generator.train()


def noise(run: Run, stream: str, count: int) -> Tensor:
    """z of a run's own distribution: [count, z_dim]."""
    return sample_z(Draws(run.seeds), run.recipe.z, stream, 0, (count, Z_DIM))[0]


@torch.no_grad()
def samples(generator: nn.Module, z: Tensor) -> Tensor:
    """Images [n, C, H, W] of a generator of one seed at z [n, z_dim]."""
    return torch.cat([generator(part[None], None)[0] for part in z.split(BLOCK)])
