"""Images from the checkpoints of a finished run."""

from __future__ import annotations

import torch
from torch import Tensor

from replication import study
from replication.config import Run
from replication.draws import Draws
from replication.nets._build import build_generator
from replication.training import checkpoint, device
from replication.training.batches import sample_z

#: Images a block: their z is drawn, and they are generated, together.
BLOCK = 250


class Sampler:
    """The generators of a run, one per checkpoint, in eval mode.

    Raises:
        CorruptFile: the checkpoint file is not what training wrote.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.device = device.prepare(run.device, run.threads)
        path = study.run_folder(run) / "checkpoints.safetensors"
        self._tensors, metadata = checkpoint.load(path)
        shape = tuple(int(side) for side in metadata["shape"].split("x"))
        self.steps = tuple(sorted({int(name[4:].split("/")[0]) for name in self._tensors}))
        self._generator = build_generator(run, shape).to(self.device).eval()

    @torch.no_grad()
    def images(self, step: int, n: int) -> Tensor:
        """n images or points per seed, from the same z at every step: float [seeds, n, ...]."""
        self._generator.load_state_dict(checkpoint.under(checkpoint_name(step), self._tensors))
        draws, z_dim = Draws(self.run.seeds), int(self.run.net.settings["z_dim"])  # type: ignore[arg-type]
        blocks = []
        for index in range(-(-n // BLOCK)):
            z = sample_z(draws, self.run.recipe.z, "z/evaluation", index, (BLOCK, z_dim))
            blocks.append(self._generator(z.to(self.device)).cpu())
        return torch.cat(blocks, 1)[:, :n]


def checkpoint_name(step: int) -> str:
    """``step000500``: the prefix of a checkpoint's tensors."""
    return f"step{step:06d}"
