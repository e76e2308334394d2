"""The warm-up of the WGAN authors' code: many critic steps for the first generator steps, and now and then again."""

from __future__ import annotations

from replication.techniques import _base

LABEL = "Warm-up of the critic"
OPTIONS = {"warm_steps": 100, "warm_first": 25, "warm_every": 500}


class Technique(_base.Technique):
    """More critic steps before some generator steps (Arjovsky et al. 2017, code; Algorithm 1 has no warm-up).

    Args:
        warm_steps: critic steps before such a generator step.
        warm_first: the first generator steps are such.
        warm_every: so is every step with a number, from 0, that this divides.
    """

    def __init__(self, warm_steps: int, warm_first: int, warm_every: int) -> None:
        self.steps, self.first, self.every = warm_steps, warm_first, warm_every

    def critic_steps(self, step: int, n_critic: int) -> int:
        """The warm-up's number, or `n_critic`."""
        return self.steps if step < self.first or step % self.every == 0 else n_critic
