"""From a configuration to the runs of a study. No torch here."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatch
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

from replication.plan import fits, params, recipes, registry
from replication.plan.config import Arms, Config, ConfigError, Run
from replication.plan.paths import Paths

T = TypeVar("T")


def declared_shape(dataset: str) -> list[int] | None:
    """(C, H, W) of a built-in data set of images, (d,) of points; None for the user's own images."""
    if dataset not in registry.ids("data"):
        return None
    shape: list[int] = registry.metadata("data", dataset)["SHAPE"]
    return shape


def kind(dataset: str) -> str:
    """``points`` for a data set of vectors, ``images`` for all others."""
    shape = declared_shape(dataset)
    return "points" if shape and len(shape) == 1 else "images"


def classes(dataset: str) -> int:
    """How many classes a data set's labels name; 0 for one without labels, as the user's own are taken to be."""
    held = registry.metadata("data", dataset)["CLASSES"] if dataset in registry.ids("data") else 0
    return int(held)


def matches(arm: str, patterns: Iterable[str]) -> bool:
    """Whether an arm ``dataset/net/method/variant`` fits a pattern; ``@points/*`` is every data set of points."""
    dataset, _, rest = arm.partition("/")
    return any(fnmatch(f"@{kind(dataset)}/{rest}" if p[:1] == "@" else arm, p) for p in patterns)


#: Between the names of arms that are compared with each other.
AND = " and "


def spelled_out(pattern: str) -> bool:
    """Whether a pattern names a net, or a family such as ``grid_*``, and a variant or how its name begins."""
    parts = pattern.split("/")
    return len(parts) == 4 and not {*"*?["} & {*parts[1].removesuffix("_*"), parts[3][:1]}


def planned(config: Config) -> dict[str, list[str]]:
    """The arms of every profile by name, in the order of params.yaml; those of other profiles are not checked."""
    return {
        profile: [arm for arms in budget.arms for arm in arms_named(config, arms)]
        for profile, budget in config.profiles.items()
    }


def arms_named(config: Config, arms: Arms) -> list[str]:
    """The arms of an entry of params.yaml, by name."""
    methods = registry.ids("methods") if arms.methods == "all" else arms.methods
    return [
        f"{arms.dataset}/{net}/{method}/{variant}"
        for net in config.nets_of(arms)
        for method in methods
        for variant in arms.variants
    ]


def experiments(config: Config) -> dict[str, tuple[str, ...]]:
    """The experiments of every profile by name: all but those whose ``IMAGES`` lacks what its images are called."""
    heads = {name: registry.metadata("experiments", name) for name in registry.ids("experiments")}
    return {
        profile: tuple(
            name
            for name, head in heads.items()
            if budget.images in head.get("IMAGES", [budget.images])
        )
        for profile, budget in config.profiles.items()
    }


class Study:
    """The runs that a configuration asks for.

    Raises:
        ConfigError: as `params.load`, and where two arms of a profile disagree about their budget.
    """

    def __init__(self, source: Path | dict[str, Any] | Config | None = None) -> None:
        self.config = source if isinstance(source, Config) else params.load(source)

    @property
    def name(self) -> str:
        """The profile's, and so the study's."""
        return self.config.profile

    @property
    def paths(self) -> Paths:
        """Where its files lie."""
        return Paths.of(self.name)

    def another(self, name: str) -> Study:
        """The study of another profile of the same params.yaml; raises `ConfigError` with the nearest valid name."""
        self._named("profile", name, self.config.profiles)
        return Study(self.config.model_copy(update={"profile": name}))

    @cached_property
    def runs(self) -> dict[str, Run]:
        """Every run by its id, in the order of params.yaml."""
        runs: dict[str, Run] = {}
        for arms in self.config.budget.arms:
            for run in self._expand(arms):
                if not self._wanted(run.arm):
                    continue
                if runs.setdefault(run.id, run) != run:
                    raise ConfigError(
                        f"{self.arms_place}: {run.arm} stands twice with different budgets; keep one"
                    )
        return runs

    @cached_property
    def arms(self) -> dict[str, list[Run]]:
        """The runs of every arm ``dataset/net/method/variant``, in the order of params.yaml."""
        arms: dict[str, list[Run]] = {}
        for run in self.runs.values():
            arms.setdefault(run.arm, []).append(run)
        return arms

    @cached_property
    def apart(self) -> frozenset[str]:
        """The arms that stand apart: see `fits`."""
        budget = self.config.budget
        return frozenset(
            a for arms in budget.arms if arms.apart for a in arms_named(self.config, arms)
        )

    def fits(self, arm: str, patterns: Iterable[str]) -> bool:
        """Whether an arm of this study fits a pattern, as `matches` says.

        One that stands apart, for single claims, fits only those that are `spelled_out`: panels of all arms neither
        show it nor wait for it.
        """
        apart = arm in self.apart
        return matches(arm, [p for p in patterns if spelled_out(p)] if apart else patterns)

    @property
    def datasets(self) -> list[str]:
        """The data sets in use."""
        return sorted({run.dataset for run in self.runs.values()})

    def own_images(self, dataset: str) -> Path | None:
        """The file or folder of the user's own images behind a data set; None for those of the package."""
        own = self.config.own_data.get(dataset)
        return Path(own.path).expanduser() if own else None

    @property
    def panels(self) -> tuple[str, ...]:
        """Every panel; each draws what the profile's runs can show."""
        return registry.panels()

    @property
    def experiments(self) -> tuple[str, ...]:
        """The experiments that it runs."""
        every, only = experiments(self.config)[self.config.profile], self.config.only
        return tuple(name for name in every if only is None or f"experiment/{name}" in only)

    def _wanted(self, arm: str) -> bool:
        """Whether an arm is among those to which the study is restricted."""
        return self.config.only is None or self.fits(arm, self.config.only)

    @property
    def arms_place(self) -> str:
        """Where params.yaml lists the arms, for a message."""
        return f"params.yaml: profiles.{self.config.profile}.arms"

    @property
    def protocol_place(self) -> str:
        """Where params.yaml has the protocol of the metrics, for a message."""
        return f"params.yaml: profiles.{self.config.profile}.evaluation"

    def run(self, run_id: str) -> Run:
        """The run of an id; raises `ConfigError` with the nearest valid id."""
        return self._named("run", run_id, self.runs)

    def arm(self, arm: str) -> list[Run]:
        """The runs of an arm; raises `ConfigError` with the nearest valid arm."""
        return self._named("arm", arm, self.arms)

    def _named(self, kind: str, name: str, known: dict[str, T]) -> T:
        if name not in known:
            hint = registry.nearest(name, known)
            place = "params.yaml" if kind == "profile" else f"profile {self.config.profile!r}"
            raise ConfigError(f"no {kind} {name!r} in {place}{hint}")
        return known[name]

    def _expand(self, arms: Arms) -> Iterable[Run]:
        methods = registry.ids("methods") if arms.methods == "all" else arms.methods
        groups = list(self._groups(arms))
        for net, method, variant in product(self.config.nets_of(arms), methods, arms.variants):
            first = self._resolve(arms, net, method, variant, groups[0])
            # Seeds differ in nothing else: checked once, not once for each of thousands of runs.
            yield from (first.model_copy(update={"seeds": seeds}) for seeds in groups)

    def _groups(self, arms: Arms) -> Iterable[tuple[int, ...]]:
        """The seeds of an arm, as they train: all at once or one by one."""
        first = self.config.budget.first_seed
        seeds = tuple(range(first, first + (arms.seeds or self.config.budget.seeds)))
        return [seeds] if arms.together else [(seed,) for seed in seeds]

    def _resolve(
        self, arms: Arms, net: str, method: str, variant: str, seeds: tuple[int, ...]
    ) -> Run:
        budget = self.config.budget
        recipe = recipes.recipe(self.config, method, variant)
        steps = max(1, (arms.critic_steps or budget.critic_steps) // recipe.n_critic)
        checkpoints = checkpoint_steps(steps, arms.checkpoints or budget.checkpoints)
        run = Run(
            dataset=arms.dataset,
            net=recipes.net(self.config, net),
            net_name=net,
            method=method,
            variant=variant,
            seeds=seeds,
            recipe=recipes.of_length(recipe, steps),
            steps=steps,
            checkpoints=checkpoints,
            logs=tuple(sorted({*checkpoints, *log_steps(steps, arms.logs or budget.logs)})),
            log_batch=arms.log_batch or budget.log_batch,
            copied_critic_steps=budget.copied_critic_steps,
            kind=kind(arms.dataset),
            classes=classes(arms.dataset),
            device=self.config.device,
            threads=self.config.threads,
            compile=self.config.compile,
        )
        if fault := fits.misfit(run, declared_shape(run.dataset)):
            raise ConfigError(f"{self.arms_place}: {fault}")
        return run


def checkpoint_steps(steps: int, count: int) -> tuple[int, ...]:
    """`count` generator steps up to `steps`, denser early, where quality moves fastest (power 3/2)."""
    return tuple(sorted({max(1, round(steps * ((i + 1) / count) ** 1.5)) for i in range(count)}))


def log_steps(steps: int, count: int) -> tuple[int, ...]:
    """`count` evenly spaced generator steps up to `steps`."""
    return tuple(sorted({max(1, round(steps * (i + 1) / count)) for i in range(count)}))
