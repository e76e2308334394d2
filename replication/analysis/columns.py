"""Which columns of a log are its step, seed, estimate and quality, and which way quality improves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Literal, NamedTuple

from replication.analysis.cells import numbers
from replication.analysis.logs import Log, LogError
from replication.analysis.tracking import ESTIMATES
from replication.metrics import _base as metrics
from replication.plan.registry import UnknownName

Better = Literal["lower", "higher"]

#: Words in a column's name, the surest first: the first of these that exactly one column has decides.
STEPS = (
    "step",
    "global_step",
    "generator_step",
    "iteration",
    "iterations",
    "iter",
    "iters",
    "steps",
    "kimg",
    "epoch",
)
SEEDS = ("seed", "run", "run_id", "replicate")
QUALITIES = ("fid", "kid", "quality", "inception_score", "is", "inception", "w1")
ESTIMATED = (
    "estimate_heldout", "estimate", "wasserstein", "w_distance", "critic_loss", "critic",
    "d_loss", "loss_d", "disc_loss", "discriminator_loss", "discriminator",
)  # fmt: skip

#: Words in the name of a quality of which less is better, and more; beside the metrics of this project.
LOWER = {
    "fid",
    "kid",
    "sfid",
    "fvd",
    "fad",
    "cmmd",
    "mmd",
    "w1",
    "w2",
    "distance",
    "loss",
    "error",
    "nll",
    "mse",
}
HIGHER = {
    "is",
    "inception",
    "precision",
    "recall",
    "coverage",
    "density",
    "accuracy",
    "acc",
    "psnr",
    "ssim",
}


class Columns(NamedTuple):
    """The columns of a log that matter.

    Attributes:
        step: of training.
        seed: None where every log is one seed.
        estimate: the signal.
        quality: what it should follow.
        better: which way quality improves.
        sign: with which the estimate enters, so that lower means better.
        guessed: those of the names that nobody gave.
    """

    step: str
    seed: str | None
    estimate: str
    quality: str
    better: Better
    sign: float
    guessed: tuple[str, ...]


class Given(NamedTuple):
    """What a user says of a log; None is to be guessed.

    Attributes:
        estimate: a column.
        quality: a column; of this project's evidence also a metric's short name, such as fid.
        step: a column.
        seed: a column.
        better: which way quality improves.
        negate: whether the estimate rises where samples get better.
    """

    estimate: str | None = None
    quality: str | None = None
    step: str | None = None
    seed: str | None = None
    better: Better | None = None
    negate: bool = False


def choose(log: Log, given: Given) -> Columns:
    """The columns of a log: those that are given, and the others by their names where only one can be meant.

    Raises:
        LogError: a column is not there, or which one is meant cannot be told; the message lists those there are.
    """
    names = [str(name) for name in log.frame.columns]
    if twice := [name for name in names if names.count(name) > 1]:
        raise LogError(f"{log.name}: column {twice[0]} stands twice; rename one")
    numeric = [name for name in names if numbers(log.frame[name]).notna().any()]
    pick = _Pick(log.name, names, numeric)
    step = pick(given.step, "step", STEPS, set())
    seed = pick.optional(given.seed, SEEDS, {step})
    taken = {name for name in (step, seed, given.estimate) if name is not None}
    metric = _metric(log, given.quality)
    quality = pick(metric, "quality", QUALITIES, taken, avoid="estimate")
    estimate = pick(given.estimate, "estimate", ESTIMATED, taken | {quality})
    for role, name in (("step", step), ("quality", quality), ("estimate", estimate)):
        if name not in numeric:
            raise LogError(
                f"{log.name}: column {name} holds no numbers; name another with --{role}"
            )
    if len({step, quality, estimate}) < 3:
        raise LogError(
            f"{log.name}: step, estimate and quality must be three columns, not {step}, {estimate}, {quality}"
        )
    sign = ESTIMATES.get(estimate, 1.0) if log.ours else 1.0
    better = given.better or _better(log.name, quality)
    guessed = tuple(
        n
        for n, g in ((estimate, given.estimate), (quality, given.quality), (step, given.step))
        if not g
    )
    return Columns(step, seed, estimate, quality, better, -sign if given.negate else sign, guessed)


class _Pick:
    """One column of a log by its role."""

    def __init__(self, place: str, names: list[str], numeric: list[str]) -> None:
        self.place, self.names, self.numeric = place, names, numeric

    def __call__(
        self, given: str | None, role: str, words: Iterable[str], taken: set[str], avoid: str = ""
    ) -> str:
        """The column of a role: the given one, else by its name, else the only one that is left."""
        if given is not None:
            if given not in self.names:
                raise LogError(f"{self.place}: no column {given!r}; it has {', '.join(self.names)}")
            return given
        free = [n for n in self.numeric if n not in taken and not (avoid and avoid in _words(n))]
        found = _matching(free, words) or (free if role == "estimate" else [])
        if len(found) == 1:
            return found[0]
        several = ", ".join(found or free or self.names)
        raise LogError(
            f"{self.place}: which column is the {role}? Add --{role} with one of: {several}"
        )

    def optional(self, given: str | None, words: Iterable[str], taken: set[str]) -> str | None:
        """The column of the seed, where one has its name."""
        if given is not None:
            return self(given, "seed", words, taken)
        found = [name for name in self.names if name not in taken and _plain(name) in words]
        return found[0] if len(found) == 1 else None


def _matching(names: list[str], words: Iterable[str]) -> list[str]:
    """The columns that the first word with any means: those that are called so, else those that contain it."""
    tests: tuple[Callable[[str, str], bool], ...] = (
        lambda name, word: _plain(name) == word,
        lambda name, word: set(word.split("_")) <= _words(name),
    )
    for word in words:
        for test in tests:
            if found := [name for name in names if test(name, word)]:
                return found
    return []


def _words(name: str) -> set[str]:
    """The words of a name, ``{"val", "fid"}`` for ``val/FID50k``."""
    return set(_plain(name).split("_"))


def _plain(name: str) -> str:
    """A name in lower case, its words joined by underscores, without how many thousand samples it took."""
    apart = re.sub(r"([a-z])([A-Z])", r"\1_\2", name)
    words = re.findall(r"[a-z0-9]+", apart.lower())
    return "_".join(re.sub(r"(?<=[a-z]{2})\d+k$", "", word) for word in words)


def _metric(log: Log, quality: str | None) -> str | None:
    """In this project's evidence the id of a metric by its file's name; FID, else exact W1, where none is given."""
    if not log.ours:
        return quality
    stems: dict[str, str] = {}
    for name in map(str, log.frame.columns):
        if stem := _stem(name):
            stems.setdefault(stem, name)
    if quality is None:
        return stems.get("fid") or stems.get("w1")
    return stems.get(quality, quality)


@cache
def _stem(name: str) -> str:
    """The file of a metric by its id; empty where none answers to it."""
    try:
        return metrics.parts(name).metric
    except UnknownName:
        return ""


def _better(place: str, quality: str) -> Better:
    try:
        return metrics.direction(quality)
    except UnknownName:
        lower, higher = _words(quality) & LOWER, _words(quality) & HIGHER
    if bool(lower) == bool(higher):
        raise LogError(
            f"{place}: which way does {quality} improve? Add --lower-is-better or --higher-is-better"
        )
    return "lower" if lower else "higher"
