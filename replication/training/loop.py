"""One training loop for every method; it reads like Algorithm 1 of Arjovsky et al. 2017."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import torch

from replication import provenance, study
from replication.config import Run
from replication.data._base import Images, load
from replication.draws import Draws
from replication.files import replacing, write_json
from replication.training import checkpoint, device
from replication.training.batches import Batches, sample_z, subset
from replication.training.game import Game
from replication.training.recorder import Recorder, failure, measure
from replication.training.sampler import checkpoint_name

Progress = Callable[[int], None]


class Paused(Exception):
    """A training was asked to stop; its state is saved, and `step` is the generator step that it has reached."""

    def __init__(self, step: int) -> None:
        super().__init__(step)
        self.step = step


def train(
    run: Run,
    progress: Progress = lambda step: None,
    asked: Callable[[], bool] = lambda: False,
) -> None:
    """Train a run to its end, or to its divergence, and write its folder; resume if it was cut off.

    Args:
        run: what to train.
        progress: called with the number of generator steps done, at every logged step.
        asked: whether to save and stop, looked at before every generator step: there, and only there, all
            that the last step decided has been logged.

    Raises:
        DataError: the prepared images are missing or corrupt.
        Paused: it was asked to stop.
    """
    started = provenance.now()
    training = Training(run, load(run.dataset))
    training.play(progress, asked)
    training.finish(started)


class Training:
    """A run in progress: the game, the step it has reached, and what it has recorded."""

    def __init__(self, run: Run, images: Images) -> None:
        self.run, self.images = run, images
        self.device = device.prepare(run.device, run.threads)
        self.train = images.train.to(self.device)
        self.heldout = images.heldout.to(self.device)
        self.draws = Draws(run.seeds)
        z_dim = int(run.net.settings["z_dim"])  # type: ignore[arg-type]
        self.batches = Batches(self.train, self.draws, run.recipe, z_dim)
        self.game = Game.set_up(run, images.shape, self.device)
        self.recorder = Recorder(run.seeds)
        #: Step and reason of every seed that has diverged.
        self.lost: dict[int, tuple[int, str]] = {}
        self.step = self.critic_steps = 0
        self.seconds = 0.0
        self.scratch = scratch_folder(run)
        self.scratch.mkdir(parents=True, exist_ok=True)

    def play(self, progress: Progress, asked: Callable[[], bool] = lambda: False) -> None:
        """Algorithm 1, from where a killed run left off, until the end or until every seed has diverged."""
        if not self.resume():
            self.pretrain()
        run, game, batches = self.run, self.game, self.batches
        logs, checkpoints = set(run.logs), set(run.checkpoints)
        clock = time.perf_counter()
        for step in range(self.step, run.steps):
            if asked():
                self.pause(clock)
            for _ in range(game.method.critic_steps(step, run.recipe.n_critic)):
                i = self.critic_steps
                game.critic_step(batches.real(i), batches.z("critic", i), batches.epsilon(i))
                self.critic_steps += 1
            game.generator_step(batches.z("generator", step))
            self.step = step + 1

            if self.step in logs:
                self.synchronise()
                self.seconds += time.perf_counter() - clock
                self.log()
                if len(self.lost) == len(run.seeds):
                    return
                if self.step in checkpoints:
                    self.save_generator()
                    self.save()
                self.report(progress)
                clock = time.perf_counter()

    def pretrain(self) -> None:
        """The method's critic steps on real images alone."""
        for i in range(self.game.method.pretrain):
            self.game.pretrain_step(self.batches.real(i))

    def log(self) -> None:
        """Record one row per seed, and which seeds have diverged: they do not touch the others."""
        run, n = self.run, min(self.run.log_batch, len(self.heldout), len(self.train))
        z_dim = self.batches.z_dim
        z = sample_z(self.draws, run.recipe.z, "log/z", self.step, (n, z_dim)).to(self.device)
        with torch.no_grad():
            self.game.generator.eval()
            fake = self.game.generator(z)
            self.game.generator.train()
        train = subset(self.train, self.draws, "log/train", self.step, n)
        heldout = subset(self.heldout, self.draws, "log/heldout", self.step, n)
        epsilon = self.draws.uniform("log/epsilon", self.step, (n,)).to(self.device)
        row = measure(self.game, train, heldout, fake, epsilon).cpu()
        self.recorder.add(self.step, self.critic_steps, self.seconds, row)
        for seed, own in zip(run.seeds, row, strict=True):
            if seed not in self.lost and (reason := failure(own)):
                self.lost[seed] = self.step, reason

    def synchronise(self) -> None:
        """Let the device finish, so that seconds measure work and not its queue."""
        if self.device.type == "cuda":
            torch.cuda.synchronize()

    def report(self, progress: Progress) -> None:
        """Tell the caller, and whoever watches the scratch folder."""
        progress(self.step)
        state = {
            "run": self.run.id,
            "step": self.step,
            "steps": self.run.steps,
            "seconds": round(self.seconds, 3),
            "updated": provenance.now(),
        }
        write_json(self.scratch / "progress.json", state)

    def pause(self, clock: float) -> NoReturn:
        """Save and stop; seconds were last counted at `clock`."""
        self.synchronise()
        self.seconds += time.perf_counter() - clock
        self.save()
        raise Paused(self.step)

    def save_generator(self) -> None:
        """The generator as it is now: a checkpoint."""
        name = checkpoint_name(self.step)
        weights = checkpoint.prefixed(name, self.game.generator.state_dict())
        checkpoint.save(self.scratch / f"{name}.safetensors", weights, {})

    def save(self) -> None:
        """All that a resumed run needs."""
        game = self.game
        state = (
            checkpoint.prefixed("generator", game.generator.state_dict())
            | checkpoint.prefixed("critic", game.critic.state_dict())
            | checkpoint.prefixed(
                "generator_optimiser", checkpoint.optimiser_tensors(game.generator_optimiser)
            )
            | checkpoint.prefixed(
                "critic_optimiser", checkpoint.optimiser_tensors(game.critic_optimiser)
            )
            | checkpoint.prefixed("recorder", self.recorder.tensors())
        )
        counters = {
            "step": str(self.step),
            "critic_steps": str(self.critic_steps),
            "seconds": repr(self.seconds),
            "lost": json.dumps(self.lost),
        }
        checkpoint.save(self.scratch / "state.safetensors", state, counters)

    def resume(self) -> bool:
        """Continue from the scratch folder if it holds a whole state, and every checkpoint up to it."""
        try:
            state, counters = checkpoint.load(self.scratch / "state.safetensors")
        except (FileNotFoundError, checkpoint.CorruptFile):
            return False
        due = [s for s in self.run.checkpoints if s <= int(counters["step"])]
        if not all((self.scratch / f"{checkpoint_name(s)}.safetensors").exists() for s in due):
            return False
        game = self.game
        game.generator.load_state_dict(checkpoint.under("generator", state))
        game.critic.load_state_dict(checkpoint.under("critic", state))
        checkpoint.restore_optimiser(
            game.generator_optimiser, checkpoint.under("generator_optimiser", state)
        )
        checkpoint.restore_optimiser(
            game.critic_optimiser, checkpoint.under("critic_optimiser", state)
        )
        self.recorder.restore(checkpoint.under("recorder", state))
        self.step, self.critic_steps = int(counters["step"]), int(counters["critic_steps"])
        self.seconds = float(counters["seconds"])
        lost = json.loads(counters["lost"])
        self.lost = {int(seed): (step, reason) for seed, (step, reason) in lost.items()}
        return True

    def finish(self, started: str) -> None:
        """Write the run's folder and drop the scratch."""
        folder = study.run_folder(self.run)
        pack(self.scratch, folder / "checkpoints.safetensors", self.images.shape)
        with replacing(folder / "curves.parquet") as aside:
            self.recorder.frame(self.lost).to_parquet(aside, index=False)
        record = provenance.collect(self.run, self.device, self.seconds, started)
        write_json(folder / "provenance.json", record)
        write_json(folder / "status.json", [self.outcome(seed) for seed in self.run.seeds])
        shutil.rmtree(self.scratch)

    def outcome(self, seed: int) -> dict[str, int | str]:
        """What became of a seed: its state, the generator step of its end, and why it diverged."""
        step, reason = self.lost.get(seed, (self.step, ""))
        state = "diverged" if reason else "finished"
        return {"seed": seed, "state": state, "step": step, "reason": reason}


def pack(scratch: Path, path: Path, shape: tuple[int, ...]) -> None:
    """All checkpoints of a run in one file: thousands of runs must fit a shared file system."""
    tensors = {}
    for file in sorted(scratch.glob("step*.safetensors")):
        tensors.update(checkpoint.load(file)[0])
    checkpoint.save(path, tensors, {"shape": "x".join(map(str, shape))})


def scratch_folder(run: Run) -> Path:
    """Where an unfinished run keeps its state; another configuration is another folder."""
    name = run.id.replace("/", "__")
    return study.SCRATCH / f"{name}__{provenance.fingerprint(run)[:12]}"
