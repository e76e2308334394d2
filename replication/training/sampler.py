"""Images from the checkpoints of a finished run."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from replication.plan.config import Run
from replication.techniques import _base as techniques
from replication.tensors import device, store
from replication.tensors.draws import Draws
from replication.training.batches import sample_z
from replication.training.build import make

#: Images a block: their z is drawn, and they are generated, together.
BLOCK = 250


class Sampler:
    """The generators of a run, one per checkpoint, in eval mode.

    Args:
        run: which nets, and which draws.
        path: its checkpoints.

    Raises:
        CorruptFile: the checkpoint file is not what training wrote.
    """

    def __init__(self, run: Run, path: Path) -> None:
        self.run = run
        self.device = device.prepare(run.device, run.threads)
        self._tensors, metadata = store.load(path)
        self.shape = tuple(int(side) for side in metadata["shape"].split("x"))
        self.steps = tuple(sorted({int(name[4:].split("/")[0]) for name in self._tensors}))
        self._draws, self._z_dim = Draws(run.seeds), int(run.net.settings["z_dim"])  # type: ignore[arg-type]
        self._generator = form(run, self.shape).to(self.device).eval()

    def images(self, step: int, n: int) -> Tensor:
        """n images or points per seed, from the same z at every step: float [seeds, n, ...]."""
        return torch.cat([self.block(step, index) for index in range(-(-n // BLOCK))], 1)[:, :n]

    @torch.no_grad()
    def block(self, step: int, index: int) -> Tensor:
        """Images `index` * `BLOCK` and following, `BLOCK` of them per seed: float [seeds, BLOCK, ...]."""
        self._generator.load_state_dict(store.under(checkpoint_name(step), self._tensors))
        z = self._z("z/evaluation", index, (BLOCK, self._z_dim))
        labels = self._labels("labels/evaluation", index, BLOCK)
        made: Tensor = self._generator(z.to(self.device), labels).cpu()
        return made

    @torch.no_grad()
    def walks(self, step: int, count: int, steps: int) -> Tensor:
        """Paths between two points of z, the same at every step: float [seeds, count, steps + 1, ...]."""
        self._generator.load_state_dict(store.under(checkpoint_name(step), self._tensors))
        ends = self._z("z/walks", 0, (2, count, self._z_dim)).double()
        path = straight if self.run.recipe.z == "uniform" else along_sphere
        z = path(ends[:, 0], ends[:, 1], torch.linspace(0, 1, steps + 1, dtype=torch.float64))
        labels = self._labels("labels/walks", 0, count)
        if labels is not None:
            labels = labels.repeat_interleave(steps + 1, 1)
        made: Tensor = self._generator(z.float().flatten(1, 2).to(self.device), labels)
        return made.unflatten(1, (count, steps + 1))

    def _labels(self, stream: str, index: int, n: int) -> Tensor | None:
        """Labels [seeds, n], all classes alike; None where the data have none."""
        if not self.run.classes:
            return None
        return (self._draws.uniform(stream, index, (n,)) * self.run.classes).long().to(self.device)

    def _z(self, stream: str, index: int, shape: tuple[int, ...]) -> Tensor:
        return sample_z(self._draws, self.run.recipe.z, stream, index, shape)


def form(run: Run, shape: tuple[int, ...]) -> nn.Module:
    """The generator that a run's checkpoints are of, its weights still to be loaded."""
    technique = techniques.Together(techniques.build(run.recipe))
    return technique.wrap_generator(make(run, shape, "generator"), Draws(run.seeds))


def straight(start: Tensor, end: Tensor, t: Tensor) -> Tensor:
    """(1 - t) start + t end: [..., d] and [steps] to [..., steps, d]."""
    return torch.lerp(start[..., None, :], end[..., None, :], t[:, None])


def along_sphere(start: Tensor, end: Tensor, t: Tensor) -> Tensor:
    """As `straight`, on an arc about the origin: normal vectors nearly share a length, and so do its points."""
    start, end, t = start[..., None, :], end[..., None, :], t[:, None]
    cosine = torch.cosine_similarity(start, end, -1).clamp(-1, 1)[..., None]
    angle = cosine.acos().clamp_min(1e-9)
    return (((1 - t) * angle).sin() * start + (t * angle).sin() * end) / angle.sin()


def checkpoint_name(step: int) -> str:
    """``step000500``: the prefix of a checkpoint's tensors."""
    return f"step{step:06d}"
