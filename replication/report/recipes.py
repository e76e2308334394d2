"""How every method was trained, as tables: recipes, and the variants that change them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from replication.figures import names
from replication.figures.results import Frames
from replication.plan.config import Recipe, Run
from replication.report import tables
from replication.report.tables import DASH, Cell, Table
from replication.words import numbers

#: Fields and options whose names, read as words, would not tell a reader enough.
LABELS = {
    "betas": "β",
    "biases": "biases clipped too",
    "coding": "codes",
    "critic_lr": "critic’s learning rate",
    "decay_from": "learning rates fall from step",
    "decay_until": "to 0 at step",
    "generator_lr": "generator’s learning rate",
    "held": "norm constant in the backward pass",
    "lambda_dragan": "λ",
    "lambda_gp": "λ",
    "n_critic": "critic steps",
    "one_sided": "one-sided",
    "z": "noise",
}

#: Values likewise.
VALUES = {"adam": "Adam", "rmsprop": "RMSProp", "sgd": "SGD", "he": "He", "glorot": "Glorot"}

#: What is said of switches that are off.
OFF = {"biases": "biases not clipped", "held": "", "one_sided": ""}


def table(runs: Iterable[Run]) -> Table:
    """How each method is trained: its plain recipe, or that of a variant where only variants run."""
    columns = ["Method", "Optimiser", "Critic’s learning rate", "Generator’s", "Critic steps per generator step",
               "Batch", "Own parameters", "Source"]  # fmt: skip
    rows = [
        [
            Cell(names.method_label(run.method), colour=names.colour(run.method)),
            Cell(_optimiser(run.recipe)),
            Cell(numbers.amount(run.recipe.critic_lr)),
            Cell(numbers.amount(run.recipe.generator_lr)),
            Cell(f"{run.recipe.n_critic}"),
            Cell(f"{run.recipe.batch}"),
            Cell(_pairs(run.recipe.options) or DASH),
            Cell(run.recipe.source),
        ]
        for run in one_per_method(runs)
    ]
    caption = "The recipe of each method, and where its numbers come from."
    return Table(caption, columns, rows, frozenset({2, 3, 4, 5}))


def settings(run: Run) -> dict[str, str]:
    """A recipe as named settings, in the manner of a paper.yaml."""
    recipe = run.recipe
    rates = numbers.amount(recipe.critic_lr)
    if recipe.generator_lr != recipe.critic_lr:
        rates += f" (critic) and {numbers.amount(recipe.generator_lr)} (generator)"
    steps = f"{recipe.n_critic} {tables.plural(recipe.n_critic, 'step')} per generator step"
    return {
        "optimiser": f"{_optimiser(recipe)}, learning rate {rates}, batch {recipe.batch}",
        "critic": ", ".join(filter(None, [steps, _pairs(recipe.options)])),
        "noise": recipe.z,
        "net": names.net_label(run.net_name),
        "data": names.dataset_label(run.dataset),
        "length": f"{run.steps:,} generator steps",
    }


def one_per_method(runs: Iterable[Run]) -> list[Run]:
    """One run of each method, of the plain recipe if there is one, by year of publication."""
    chosen: dict[str, Run] = {}
    for run in sorted(runs, key=lambda r: r.variant != names.PLAIN):
        chosen.setdefault(run.method, run)
    return sorted(chosen.values(), key=lambda r: (names.year(r.method), r.method))


def _optimiser(recipe: Recipe) -> str:
    first, second = recipe.betas
    detail = {"adam": f" (β {first:g}, {second:g})", "rmsprop": f" (α {recipe.alpha:g})"}
    return VALUES[recipe.optimiser] + detail.get(recipe.optimiser, "")


def _pairs(options: dict[str, Any]) -> str:
    """Options and fields of a recipe in words: ``clip 0.1, critic steps 5``; most switches that are off say nothing."""
    return ", ".join(filter(None, (_pair(name, value) for name, value in options.items())))


def _pair(name: str, value: Any) -> str:
    label = LABELS.get(name, names.words(name))
    if name == "techniques":
        return ", ".join(_technique(*one) for one in value.items())
    if name == "decay_until" and not value:
        return label.replace("step", "the last step")
    if isinstance(value, bool):
        return label if value else OFF.get(name, f"no {label}")
    return f"{label} {_value(value)}"


def _technique(name: str, options: dict[str, Any] | bool) -> str:
    """A technique that a variant adds, with its options, or takes out."""
    label = names.words(name)
    if isinstance(options, bool):
        return label if options else f"without {label}"
    said = _pairs(options).removeprefix("learning rates fall ")
    return f"{label} ({said})" if said else label


def _value(value: Any) -> str:
    if isinstance(value, list):
        return f"({', '.join(_value(v) for v in value)})"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:g}" if isinstance(value, float) else VALUES.get(value, names.words(str(value)))


def variants(frames: Frames) -> Table | None:
    """What each variant in use changes, and why; None where there is none."""
    joined = frames.study.config.joined
    own = {(name, a.method): one for a in frames.arms for name, one in joined(a.variant).items()}
    rows = [
        [Cell(names.variant_label(name)), Cell(names.method_label(method)), Cell(_pairs(one.change)), Cell(one.why)]
        for (name, method), one in own.items()
    ]  # fmt: skip
    caption = "Named changes to a recipe, shown beside the recipe itself."
    return Table(caption, ["Variant", "Method", "Changes", "Why"], rows) if rows else None
