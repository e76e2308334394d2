"""What a run writes down at every logged step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import torch
from torch import Tensor, nn

from replication.methods._base import input_gradient_norm, interpolate
from replication.nets._layers import images_per_score
from replication.training.game import Game, gradient_norm, scores

#: Columns of curves.parquet that have one value per seed, in order.
COLUMNS = (
    "critic_loss",
    "penalty",
    "generator_loss",
    "estimate_train",
    "estimate_heldout",
    "lipschitz",
    "score_gap",
    "w_bound",
    "critic_grad_norm",
    "generator_grad_norm",
    "score_max",
)
#: Beyond this size of a score a run counts as diverged.
EXPLODED = 1e6


def measure(game: Game, train: Tensor, heldout: Tensor, fake: Tensor, epsilon: Tensor) -> Tensor:
    """One row per seed: [seeds, len(COLUMNS)], on the device.

    Args:
        game: the players; the critic's state is not changed.
        train: real images the critic may have seen, [seeds, n, C, H, W].
        heldout: real images it has never seen, the same shape.
        fake: generated images, the same shape.
        epsilon: U[0, 1) draws [seeds, n].
    """
    game.critic.eval()
    with torch.no_grad():
        train_scores, fake_scores = scores(game.critic, train, fake)
        heldout_scores, fake_again = scores(game.critic, heldout, fake)
    gap = game.method.orientation * (heldout_scores.mean(1) - fake_again.mean(1))
    slope = lipschitz(game.critic, heldout, fake, epsilon)
    images = images_per_score(game.critic)
    game.critic.train()
    row = game.last | {
        "estimate_train": game.method.estimate(train_scores, fake_scores),
        "estimate_heldout": game.method.estimate(heldout_scores, fake_again),
        "lipschitz": slope,
        "score_gap": gap,
        # A critic that is flat wherever it is looked at says nothing: 0 bounds any distance from below.
        "w_bound": torch.where(slope > 0, gap / (images * slope), torch.zeros_like(gap)),
        "critic_grad_norm": gradient_norm(game.critic),
        "generator_grad_norm": gradient_norm(game.generator),
        "score_max": torch.cat([train_scores, heldout_scores, fake_scores], 1).abs().amax(1),
    }
    return torch.stack([row[name] for name in COLUMNS], 1)


def lipschitz(critic: nn.Module, real: Tensor, fake: Tensor, epsilon: Tensor) -> Tensor:
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
        steepest.append(input_gradient_norm(critic(leaf), leaf).amax(1))
    return torch.stack(steepest).amax(0)


def failure(row: Tensor) -> str | None:
    """Why a seed with this row [columns] has diverged, or None."""
    finite = torch.isfinite(row)
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
