"""One training loop for every method; it reads like Algorithm 1 of Arjovsky et al. 2017."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from torch import Tensor

from replication.data._base import Images, load
from replication.jobs import provenance
from replication.jobs.files import replacing, write_json
from replication.plan.config import Run
from replication.plan.paths import Paths
from replication.techniques._batch import Blocks, Noise
from replication.tensors import device, store
from replication.tensors.draws import Draws
from replication.training.batches import Batches, sample_z, subset
from replication.training.clock import Clock
from replication.training.game import Game
from replication.training.optimisers import optimiser_tensors, restore_optimiser
from replication.training.recorder import (
    AT_CHECKPOINTS,
    Recorder,
    Shown,
    failure,
    heldout_estimate,
    measure,
    row,
)
from replication.training.sampler import checkpoint_name

Progress = Callable[[int], None]


class Paused(Exception):
    """A training was asked to stop; its state is saved, and `step` is the generator step that it has reached."""

    def __init__(self, step: int) -> None:
        super().__init__(step)
        self.step = step


def train(
    run: Run,
    paths: Paths,
    progress: Progress = lambda step: None,
    asked: Callable[[], bool] = lambda: False,
) -> None:
    """Train a run to its end, or to its divergence, and write its folder; resume if it was cut off.

    Args:
        run: what to train.
        paths: where its data, its folder and its scratch lie.
        progress: called with the number of generator steps done, at every logged step.
        asked: whether to save and stop, looked at before every generator step: there, and only there, all
            that the last step decided has been logged.

    Raises:
        DataError: the prepared images are missing or corrupt.
        Paused: it was asked to stop.
    """
    started = provenance.now()
    training = Training(run, load(paths.dataset(run.dataset)), paths.scratch)
    training.play(progress, asked)
    training.finish(paths.run(run.id), started)


class Training:
    """A run in progress: the game, the step it has reached, and what it has recorded."""

    def __init__(self, run: Run, images: Images, scratch: Path) -> None:
        self.run, self.images = run, images
        self.device = device.prepare(run.device, run.threads)
        self.train = images.train.to(self.device)
        self.heldout = images.heldout.to(self.device)
        self.draws = Draws(run.seeds)
        self.batches = self.fresh_batches()
        self.game = Game.set_up(run, images.shape, self.device)
        self.recorder = Recorder(run.seeds)
        #: Step and reason of every seed that has diverged.
        self.lost: dict[int, tuple[int, str]] = {}
        self.step = self.critic_steps = 0
        self.clock = Clock(self.device)
        self.scratch = scratch / scratch_name(run)
        self.scratch.mkdir(parents=True, exist_ok=True)

    def fresh_batches(self, streams: str = "") -> Batches:
        """Batches of the train part; others where their streams' names begin otherwise."""
        z_dim = int(self.run.net.settings["z_dim"])  # type: ignore[arg-type]
        labels = self.images.train_labels
        labels = labels if labels is None else labels.to(self.device)
        return Batches(self.train, self.draws, self.run.recipe, z_dim, labels, streams)

    def play(self, progress: Progress, asked: Callable[[], bool] = lambda: False) -> None:
        """Algorithm 1, from where a killed run left off, until the end or until every seed has diverged."""
        run, game, batches = self.run, self.game, self.batches
        technique, logs = game.method.technique, set(run.logs)
        if not self.resume():
            technique.before_training(game, batches.critic)
        self.clock.start()
        for step in range(self.step, run.steps):
            if asked():
                self.pause()
            for _ in range(technique.critic_steps(step, run.recipe.n_critic)):
                game.critic_step(batches.critic(self.critic_steps))
                self.critic_steps += 1
            if logged := step + 1 in logs:
                self.look(step + 1)
            game.generator_step(batches.generator(step, self.critic_steps))
            self.step = step + 1
            if logged:
                self.log()
                if len(self.lost) == len(run.seeds):
                    return
                self.keep(progress)

    def look(self, step: int) -> None:
        """Before a generator's step that is logged, from 1: the critic is as near its optimum as it comes."""
        self.clock.stop()
        shown = self.shown(step)
        found = measure(self.game, shown)
        if step in self.run.checkpoints:
            found[AT_CHECKPOINTS] = self.trained_on(shown)
        self.looked = shown, found
        self.clock.start()

    def log(self) -> None:
        """Record one row per seed, and which seeds have diverged: they do not touch the others."""
        self.clock.stop()
        rows = row(self.game, *self.looked).cpu()
        self.recorder.add(self.step, self.critic_steps, self.clock.seconds, rows)
        for seed, own in zip(self.run.seeds, rows, strict=True):
            if seed not in self.lost and (reason := failure(own)):
                self.lost[seed] = self.step, reason

    def keep(self, progress: Progress) -> None:
        """Save where there is a checkpoint, and say how far training is."""
        if self.step in self.run.checkpoints:
            self.save_generator()
            self.save()
        self.report(progress)
        self.clock.start()

    def shown(self, step: int) -> Shown:
        """What the critic is asked about at a logged step, by draws of its own."""
        run, draws, images = self.run, self.draws, self.images
        n = min(run.log_batch, len(self.heldout), len(self.train))

        def part(name: str, held: Tensor, labels: Tensor | None) -> tuple[Tensor, Tensor | None]:
            chosen = subset(draws, f"log/{name}", step, len(held), n)
            own = labels if labels is None else labels[chosen].to(self.device)
            return held[chosen.to(self.device)], own

        train, train_labels = part("train", self.train, images.train_labels)
        heldout, heldout_labels = part("heldout", self.heldout, images.heldout_labels)
        z = sample_z(draws, run.recipe.z, "log/z", step, (n, self.batches.z_dim)).to(self.device)
        noise = Noise(Blocks(draws, self.device, size=1), step, "log/")
        return Shown(train, heldout, train_labels, heldout_labels, z, noise)

    def trained_on(self, shown: Shown) -> Tensor:
        """The held-out estimate of a copy of the critic after more steps against the generator as it is: [seeds]."""
        copied, batches = copy.deepcopy(self.game), self.fresh_batches("copied/")
        for i in range(self.run.copied_critic_steps):
            copied.critic_step(batches.critic(self.critic_steps + i))
        # The copy's generator has learned nothing, but its running means have moved.
        return heldout_estimate(replace(copied, generator=self.game.generator), shown)

    def report(self, progress: Progress) -> None:
        """Tell the caller, and whoever watches the scratch folder."""
        progress(self.step)
        state = {
            "run": self.run.id,
            "step": self.step,
            "steps": self.run.steps,
            "seconds": round(self.clock.seconds, 3),
            "updated": provenance.now(),
        }
        write_json(self.scratch / "progress.json", state)

    def pause(self) -> NoReturn:
        """Save and stop."""
        self.clock.stop()
        self.save()
        raise Paused(self.step)

    def save_generator(self) -> None:
        """The generator as it is now: a checkpoint."""
        name = checkpoint_name(self.step)
        generator = self.game.method.technique.sampling_generator(self.game.generator)
        weights = store.prefixed(name, generator.state_dict())
        store.save(self.scratch / f"{name}.safetensors", weights, {})

    def save(self) -> None:
        """All that a resumed run needs."""
        game = self.game
        state = (
            store.prefixed("generator", game.generator.state_dict())
            | store.prefixed("critic", game.critic.state_dict())
            | store.prefixed("generator_optimiser", optimiser_tensors(game.generator_optimiser))
            | store.prefixed("critic_optimiser", optimiser_tensors(game.critic_optimiser))
            | store.prefixed("technique", game.method.technique.state())
            | store.prefixed("recorder", self.recorder.tensors())
        )
        counters = {
            "step": str(self.step),
            "critic_steps": str(self.critic_steps),
            "seconds": repr(self.clock.seconds),
            "lost": json.dumps(self.lost),
        }
        store.save(self.scratch / "state.safetensors", state, counters)

    def resume(self) -> bool:
        """Continue from the scratch folder if it holds a whole state, and every checkpoint up to it."""
        try:
            state, counters = store.load(self.scratch / "state.safetensors")
        except (FileNotFoundError, store.CorruptFile):
            return False
        due = [s for s in self.run.checkpoints if s <= int(counters["step"])]
        if not all((self.scratch / f"{checkpoint_name(s)}.safetensors").exists() for s in due):
            return False
        game = self.game
        game.generator.load_state_dict(store.under("generator", state))
        game.critic.load_state_dict(store.under("critic", state))
        restore_optimiser(game.generator_optimiser, store.under("generator_optimiser", state))
        restore_optimiser(game.critic_optimiser, store.under("critic_optimiser", state))
        saved = store.under("technique", state)
        for name, tensor in game.method.technique.state().items():
            tensor.copy_(saved[name])
        self.recorder.restore(store.under("recorder", state))
        self.step, self.critic_steps = int(counters["step"]), int(counters["critic_steps"])
        self.clock.seconds = float(counters["seconds"])
        lost = json.loads(counters["lost"])
        self.lost = {int(seed): (step, reason) for seed, (step, reason) in lost.items()}
        return True

    def finish(self, folder: Path, started: str) -> None:
        """Write the run's folder and drop the scratch."""
        pack(self.scratch, folder / "checkpoints.safetensors", self.images.shape)
        with replacing(folder / "curves.parquet") as aside:
            self.recorder.frame(self.lost).to_parquet(aside, index=False)
        record = provenance.collect(self.run, self.device, self.clock.seconds, started)
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
        tensors.update(store.load(file)[0])
    store.save(path, tensors, {"shape": "x".join(map(str, shape))})


def scratch_name(run: Run) -> str:
    """The folder in which an unfinished run keeps its state; another configuration has another."""
    name = run.id.replace("/", "__")
    return f"{name}__{provenance.fingerprint(run)[:12]}"
