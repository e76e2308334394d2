"""Wasserstein-1 estimate of a critic trained from scratch on a frozen generator (Danihelka et al. 2017)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from replication.losses import wasserstein
from replication.methods._base import Method
from replication.metrics._base import Batch, Protocol
from replication.nets import points
from replication.nets._layers import initialise
from replication.techniques import gradient_penalty
from replication.techniques._batch import Batch as Step
from replication.techniques._batch import Blocks, Noise
from replication.tensors.draws import Draws
from replication.training.game import critic_step
from replication.training.optimisers import Adam

LABEL = "Independent critic"
DIRECTION = "lower"
UNIT = "Euclidean distance, pixels in [-1, 1]"
NEEDS = "images"
EVERY = 3  # training a critic costs more than all other metrics together
OUTSIDE = True
PROTOCOL = "WGAN-GP's, on half of {pixel_samples:,} generated v half of {heldout:,} held-out, scored on the others"

STEPS = 300
NET = {"critic": [256, 256], "activation": "leaky_relu"}
#: Rate and initial weights were chosen on clouds of points whose distance is known, by how near 300 steps come.
RATE, BETAS, INIT, BATCH = 2e-3, (0.5, 0.9), "fan_in", 64


def compute(real: Batch, fake: Batch, protocol: Protocol) -> float:
    """E f(x) - E f(G(z)) on images that the critic f never saw; 0 where it cannot tell them apart.

    f is a perceptron with gradient penalty, the same for every generator: unlike a critic of the training, it
    neither shares its opponent's history nor knows the training images. Held-out images are few, so f may learn
    them by heart; that lowers what it finds on the others, for all generators alike.
    """
    data, samples = (batch.images.flatten(1) for batch in (real, fake))
    net = trained(data[::2], samples[::2])
    with torch.no_grad():
        found = net(data[None, 1::2]).mean() - net(samples[None, 1::2]).mean()
    return float(found)


def trained(data: Tensor, samples: Tensor) -> nn.Module:
    """A critic after `STEPS` steps on vectors ``[N, d]`` and ``[M, d]``: the same for the same vectors."""
    draws = Draws((0,))
    net = points.critic(1, data.shape[1:], NET, "none")
    initialise(net, INIT, "independent", draws)
    method = Method(wasserstein.Loss(), gradient_penalty.Technique(10.0))
    net = method.technique.wrap_critic(net, draws)
    noise = Blocks(draws, torch.device("cpu"), size=1)
    optimiser = Adam(net.parameters(), RATE, BETAS)
    for step in range(STEPS):
        x, y = (
            held[(draws.uniform(stream, step, (BATCH,)) * len(held)).long()]
            for stream, held in (("independent/real", data), ("independent/fake", samples))
        )
        batch = Step(x, None, torch.empty(0), Noise(noise, step, "independent/"), step)
        critic_step(method, net, optimiser, batch, y)
    return net.eval()
