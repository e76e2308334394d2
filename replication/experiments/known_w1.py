"""Do critics find W1, and its gradient, where both are known (Korotin et al. 2022, tables 1 and 3)?

Pairs from `replication.transport.cones`, the construction of the authors' code: Q uniform in a box, P the
same points moved along the steepest lines of a minimum of N cones. Critics learn E_P f - E_Q f by weight
clipping (bound 0.04), gradient penalty of both and of one side (weight 10), and spectral normalisation with
the plain Wasserstein loss (5 power iterations), the authors' constants. Two solvers are trained twice, as
their inventors have them and as the code of this benchmark has them: clipping of all parameters (Arjovsky et
al. 2017) or of weights alone, biases free; and the gradient through the spectral norm (Miyato et al. 2018) or
the norm held constant in the backward pass.

Deviations from the authors' code:

1. 1,000 steps of 64 points a side at rate 2e-3 for every solver; theirs are 5,000 (clipping), 60,000
   (penalties) and 10,000 (spectral) of 1,024 at 2e-4. Rate and batch were chosen, of two each, by the
   result of the penalty on other potentials than those measured (D = 2 and 16).
2. Two hidden layers of 64 units instead of 128 (max(2 D, 128)).
3. Batches come with replacement from a pool of 16,384 pairs instead of fresh ones; P and Q are drawn apart.
4. A new potential for every seed; theirs is one per D and N (seed 987), with one training of each solver.
5. D up to 16 and N up to 64; theirs go on to 128 and 256.

Scores are measured on fresh pairs, the W1 of which is exactly the mean distance of the pairs.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from replication.experiments._base import Sampler, Trial, critic, recipe
from replication.losses import wasserstein
from replication.methods._base import Method
from replication.plan.config import Experiments
from replication.techniques import _base, clipping, gradient_penalty, spectral_norm
from replication.tensors.draws import Draws
from replication.transport import cones

DIMENSIONS = (2, 4, 8, 16)
CONES = (4, 16, 64)
STEPS, BATCH, POOL, FRESH = 1_000, 64, 16_384, 2_000


def solvers() -> dict[str, _base.Technique]:
    """What constrains each solver's critic, by name, in the order in which they are shown."""
    return {
        "clip": clipping.Technique(0.04),
        "clip_weights": clipping.Technique(0.04, biases=False),
        "penalty": gradient_penalty.Technique(10.0),
        "one_sided": gradient_penalty.Technique(10.0, one_sided=True),
        "spectral": spectral_norm.Technique(5),
        "spectral_held": spectral_norm.Technique(5, held=True),
    }


def pairs(seed: int, d: int, n: int, count: int) -> tuple[Tensor, Tensor, Tensor]:
    """`count` pairs of one potential: points of P and Q, and the optimal gradient, [count, d] each."""
    rng = np.random.default_rng([seed, d, n])
    potential = cones.random_cones(rng, n, d)
    x = cones.box(rng, count, d)
    found = cones.moved(x, potential), x, cones.gradient(x, potential)
    p, q, gradient = (torch.from_numpy(v).float() for v in found)
    return p, q, gradient


def drawn_from(held: Tensor) -> Sampler:
    """Independent draws, with replacement, from points [seeds, N, d], every seed from its own."""

    def sample(draws: Draws, stream: str, index: int, n: int) -> Tensor:
        chosen = (draws.uniform(stream, index, (n,)) * held.shape[1]).long()
        return held.gather(1, chosen[..., None].expand(-1, -1, held.shape[2]))

    return sample


def measure(budget: Experiments) -> pd.DataFrame:
    """Estimate, exact W1, cosine with the optimal gradient and steepest slope, by seed, D, N and solver."""
    pool, fresh = (max(BATCH, min(n, budget.steps(n))) for n in (POOL, FRESH))
    # All N and seeds of one D train together: N on the outer, seeds on the inner leading axis.
    leading = [(n, seed) for n in CONES for seed in budget.numbers]
    tables = []
    for d in DIMENSIONS:
        stacks = zip(*(pairs(seed, d, n, pool + fresh) for n, seed in leading), strict=True)
        p, q, gradient = (torch.stack(s) for s in stacks)
        held = p[:, fresh:], q[:, fresh:]
        asked = p[:, :fresh], q[:, :fresh], gradient[:, :fresh]
        for name, technique in solvers().items():
            trial = new_trial(technique, held, [seed for _, seed in leading])
            trial.train(budget.steps(STEPS))
            table = pd.DataFrame(leading, columns=["cones", "seed"])
            tables.append(table.assign(dimension=d, solver=name, **judged(trial, *asked)))
    return pd.concat(tables, ignore_index=True)


def new_trial(technique: _base.Technique, held: tuple[Tensor, Tensor], seeds: list[int]) -> Trial:
    """A critic per seed on pools of P and Q, [seeds, N, d] each; equal seeds begin with equal weights."""
    draws = Draws(seeds)
    net = critic(draws, (held[0].shape[2], 64, 64), init="fan_in")
    settings = recipe(critic_lr=2e-3, betas=(0.0, 0.9), batch=BATCH)
    method = Method(wasserstein.Loss(), technique)
    return Trial(method, net, settings, drawn_from(held[0]), drawn_from(held[1]), draws)


def judged(trial: Trial, p: Tensor, q: Tensor, gradient: Tensor) -> dict[str, np.ndarray]:
    """What a critic says on pairs p, q [seeds, n, d] with the optimal gradient at p; one number per seed."""
    at_p = trial.gradients(p)
    cosine = torch.nn.functional.cosine_similarity(at_p, gradient, dim=2, eps=1e-15)
    between = (p + q) / 2
    slopes = [at_p.norm(dim=2), trial.slopes(q), trial.slopes(between)]
    found = {
        "w1": (p - q).norm(dim=2).mean(1),
        "estimate": trial.scores(p).mean(1) - trial.scores(q).mean(1),
        "cosine": cosine.mean(1),
        "k": torch.cat(slopes, 1).amax(1),
    }
    return {name: values.double().numpy() for name, values in found.items()}
