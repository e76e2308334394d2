"""What a run writes down at every logged step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import torch
from torch import Tensor, nn

from replication.nets._layers import images_per_score
from replication.techniques._batch import Noise
from replication.techniques._slopes import input_gradient_norm, interpolate
from replication.training.game import Game, gradient_norm, scores

#: Columns of curves.parquet that have one value per seed, in order.
COLUMNS = (
    "critic_loss",
    "penalty",
    "generator_loss",
    "estimate_train",
    "estimate_heldout",
    "estimate_heldout_after",
    "estimate_heldout_trained_on",
    "lipschitz",
    "score_gap",
    "w_bound",
    "critic_grad_norm",
    "generator_grad_norm",
    "score_max",
)
#: NaN at logged steps that are no checkpoint, and no sign of a run's divergence.
AT_CHECKPOINTS = "estimate_heldout_trained_on"
#: Beyond this size of a score a run counts as diverged.
EXPLODED = 1e6


@dataclass(frozen=True, eq=False)
class Shown:
    """What the critic is asked about at a logged step, the same before and after the generator's step.

    Attributes:
        train: real images that it may have seen, [seeds, n, C, H, W].
        heldout: real images that it has never seen, the same shape.
        train_labels: int64 [seeds, n], or None.
        heldout_labels: likewise; generated images are given these too.
        z: [seeds, n, z_dim].
        noise: for techniques, and for points between images.
    """

    train: Tensor
    heldout: Tensor
    train_labels: Tensor | None
    heldout_labels: Tensor | None
    z: Tensor
    noise: Noise

    @torch.no_grad()
    def seen(self, game: Game, kind: str) -> Tensor:
        """Images as the critic sees them: train, heldout, or fake, which the generator makes now."""
        images = self._fake(game) if kind == "fake" else getattr(self, kind)
        return game.method.technique.inputs(images, self.noise.of(kind))

    def _fake(self, game: Game) -> Tensor:
        game.generator.eval()
        fake: Tensor = game.generator(self.z, self.heldout_labels)
        game.generator.train()
        return fake


def measure(game: Game, shown: Shown) -> dict[str, Tensor]:
    """What the critic says before the generator's step, when it is as near its optimum as it comes: [seeds] each.

    The critic's state is not changed.
    """
    train, heldout, fake = (shown.seen(game, kind) for kind in ("train", "heldout", "fake"))
    labels, critic, loss = shown.heldout_labels, game.critic, game.method.loss
    critic.eval()
    with torch.no_grad():
        train_scores, fake_scores = scores(critic, train, fake, shown.train_labels, labels)
        heldout_scores, fake_again = scores(critic, heldout, fake, labels, labels)
    gap = loss.orientation * (heldout_scores.mean(1) - fake_again.mean(1))
    epsilon = shown.noise.uniform("epsilon", tuple(fake.shape[1:2]))
    slope = lipschitz(critic, heldout, fake, epsilon, labels)
    images = images_per_score(critic)
    critic.train()
    return {
        "estimate_train": loss.estimate(train_scores, fake_scores),
        "estimate_heldout": loss.estimate(heldout_scores, fake_again),
        AT_CHECKPOINTS: torch.full_like(gap, torch.nan),
        "lipschitz": slope,
        "score_gap": gap,
        # A critic that is flat wherever it is looked at says nothing: 0 bounds any distance from below.
        "w_bound": torch.where(slope > 0, gap / (images * slope), torch.zeros_like(gap)),
        "score_max": torch.cat([train_scores, heldout_scores, fake_scores], 1).abs().amax(1),
    }


@torch.no_grad()
def heldout_estimate(game: Game, shown: Shown) -> Tensor:
    """What the critic says of held-out and generated images now: [seeds]."""
    heldout, fake, labels = (
        shown.seen(game, "heldout"),
        shown.seen(game, "fake"),
        shown.heldout_labels,
    )
    game.critic.eval()
    both = scores(game.critic, heldout, fake, labels, labels)
    game.critic.train()
    return game.method.loss.estimate(*both)


def row(game: Game, shown: Shown, before: dict[str, Tensor]) -> Tensor:
    """One row per seed after the generator's step: [seeds, len(COLUMNS)], on the device.

    Args:
        game: the players; the critic's state is not changed.
        shown: what `before` was measured on.
        before: what `measure` found before that step.
    """
    found = game.last | before
    found |= {
        "estimate_heldout_after": heldout_estimate(game, shown),
        "critic_grad_norm": gradient_norm(game.critic),
        "generator_grad_norm": gradient_norm(game.generator),
    }
    return torch.stack([found[name] for name in COLUMNS], 1)


def lipschitz(
    critic: nn.Module, real: Tensor, fake: Tensor, epsilon: Tensor, labels: Tensor | None = None
) -> Tensor:
    """K: the steepest slope of the critic seen on real and generated images and points between them, [seeds].

    Any critic's score gap over its Lipschitz constant bounds W1 from below (Kantorovich-Rubinstein). K may be less
    than that constant, so the gap over K is roughly a lower bound: it can exceed W1.

    A score of m images has slopes with respect to each of them. If none exceeds K, moving every image of a batch
    along the best plan changes a mean score by at most K times the m distances that its images move, m W1 on
    average: so the gap is at most m K W1. Where the critic has batch normalisation, slopes include what an image
    does to the scores of its batch.
    """
    steepest = []
    for points in (real, fake, interpolate(real, fake, epsilon)):
        leaf = points.detach().requires_grad_()
        steepest.append(input_gradient_norm(critic(leaf, labels), leaf).amax(1))
    return torch.stack(steepest).amax(0)


def failure(row: Tensor) -> str | None:
    """Why a seed with this row [columns] has diverged, or None."""
    finite = torch.isfinite(row)
    finite[COLUMNS.index(AT_CHECKPOINTS)] = True
    if not finite.all():
        return f"{COLUMNS[int((~finite).nonzero()[0])]} is not finite"
    largest = float(row[COLUMNS.index("score_max")])
    return f"a score reached {largest:.3g}" if largest > EXPLODED else None


class Recorder:
    """The rows of a run, and the frame they make."""

    def __init__(self, seeds: Sequence[int]) -> None:
        self.seeds = tuple(seeds)
        self.steps: list[tuple[int, int, float]] = []
        self.rows: list[Tensor] = []

    def add(self, step: int, critic_steps: int, seconds: float, row: Tensor) -> None:
        """Keep a row [seeds, columns], already on the CPU."""
        self.steps.append((step, critic_steps, seconds))
        self.rows.append(row)

    def tensors(self) -> dict[str, Tensor]:
        """For the resume state."""
        rows = (
            torch.stack(self.rows) if self.rows else torch.empty(0, len(self.seeds), len(COLUMNS))
        )
        return {"steps": torch.tensor(self.steps, dtype=torch.float64).reshape(-1, 3), "rows": rows}

    def restore(self, tensors: dict[str, Tensor]) -> None:
        """The inverse of `tensors`."""
        self.steps = [(int(s), int(c), t) for s, c, t in tensors["steps"].tolist()]
        self.rows = list(tensors["rows"])

    def frame(self, lost: Mapping[int, tuple[int, str]]) -> pd.DataFrame:
        """curves.parquet: one row per logged step and seed; the last of a seed that is lost is that step's."""
        frames = []
        for i, seed in enumerate(self.seeds):
            values = torch.stack([row[i] for row in self.rows]).double().numpy()
            frame = pd.DataFrame(values, columns=list(COLUMNS))
            frame.insert(0, "seed", seed)
            frame.insert(1, "step", [s for s, _, _ in self.steps])
            frame.insert(2, "critic_steps", [c for _, c, _ in self.steps])
            frame["seconds"] = [t for _, _, t in self.steps]
            frames.append(frame[frame["step"] <= lost[seed][0]] if seed in lost else frame)
        return pd.concat(frames, ignore_index=True)
