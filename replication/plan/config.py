"""What params.yaml may say, as frozen, validated objects. No torch here: the Snakefile imports this at every start."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatch
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from replication.plan import registry

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$")]
#: Variants on top of each other, in order: ``spectral_norm+setting_a``.
Joined = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*(\+[A-Za-z0-9_.\-]+)*$")]
Pattern = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*\*?$")]
Positive = Annotated[int, Field(gt=0, le=10**12)]
Several = Annotated[int, Field(ge=2, le=10**12)]
Some = Annotated[int, Field(gt=0, le=100_000)]
Rate = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Unit = Annotated[float, Field(ge=0, lt=1)]
Option = bool | int | float | str | list[int] | list[float]
Options = dict[str, Option]
#: Techniques by name, in order, each with its options; in a change also false, which takes it out.
Techniques = dict[Name, Options]
Change = dict[str, Option | dict[Name, Options | Literal[False]]]


class ConfigError(ValueError):
    """A fault in the configuration: one line per fault, each with the key's path and the remedy."""


class Frozen(BaseModel):
    """Unknown keys and values of another type are errors; nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Recipe(Frozen):
    """How a method is trained; every field has its source in the method's file."""

    source: str = Field(
        description="paper and section, or the authors' code, that these numbers come from"
    )
    critic: Literal["critic", "autoencoder"] = "critic"
    optimiser: Literal["adam", "rmsprop", "sgd"] = "adam"
    critic_lr: Rate
    generator_lr: Rate
    betas: tuple[Unit, Unit] = Field((0.5, 0.999), strict=False, description="Adam's")
    alpha: Unit = Field(0.99, description="RMSProp's decay (torch's default; TF1 used 0.9)")
    n_critic: Positive = Field(1, description="critic steps per generator step")
    batch: Positive = 64
    z: Literal["normal", "uniform"] = "normal"
    critic_norm: Literal["net", "none", "batch", "layer"] = Field(
        "net", description="net: its own habit"
    )
    generator_norm: Literal["net", "none", "batch"] = "net"
    init: Literal[
        "net", "fan_in", "normal_0.02", "glorot", "he", "orthogonal", "orthogonal_1.4"
    ] = "net"
    loss: str = Field(
        "", description="a file of replication/losses; none: the `Loss` of the method's own file"
    )
    loss_options: Options = Field(default_factory=dict)
    techniques: Techniques = Field(
        default_factory=dict, description="files of replication/techniques, in order, with options"
    )
    deviations: list[str] = Field(default_factory=list, description="what we do otherwise, and why")

    @property
    def options(self) -> Options:
        """The options of the loss and of all techniques, by their own names."""
        found = dict(self.loss_options)
        for options in self.techniques.values():
            found |= options
        return found


class Variant(Frozen):
    """A named change to a method's recipe."""

    why: str
    change: Change


class NetAlias(Frozen):
    """A net under another name, with some of its settings changed."""

    net: Name
    settings: dict[str, Option] = Field(default_factory=dict)


class Arms(Frozen):
    """Methods x variants on one data set and net."""

    dataset: Name
    net: Pattern = Field(description="a net, or those of ``nets`` that fit a pattern: ``grid_*``")
    methods: list[Name] | Literal["all"] = "all"
    variants: list[Joined] = Field(default_factory=lambda: ["paper"])
    critic_steps: Positive | None = Field(None, description="overrides the profile's")
    checkpoints: Annotated[int, Field(ge=2, le=100_000)] | None = Field(
        None, description="likewise"
    )
    logs: Some | None = Field(None, description="likewise")
    log_batch: Positive | None = Field(None, description="likewise")
    seeds: Some | None = Field(None, description="likewise")
    together: bool = Field(
        False, description="one process trains all seeds at once: cheap where nets are small"
    )
    apart: bool = Field(
        False,
        description="for single claims: shown and judged only where a pattern spells out net and variant",
    )


class Evaluation(Frozen):
    """The protocol of the quality metrics."""

    samples: Several = Field(description="images generated per checkpoint")
    transport_samples: Positive = Field(description="images a side in the exact W1")
    inception_splits: Positive = 10
    kid_subsets: Positive = 50
    kid_subset_size: Several = 500
    neighbours: Positive = Field(default=3, description="k of precision and recall")
    classifier_epochs: Positive = 20
    extractor: Name = Field(
        default="lenet",
        description="whose features are compared: a file of replication/features",
    )
    # Its content is fixed by hash, so where it lies decides nothing and stands in no record.
    inception_weights: str | None = Field(
        default=None, exclude=True, description="a path; None: torch's cache, filled by download"
    )


class Experiments(Frozen):
    """What the experiments may spend: experiments with a critic against an opponent that does not learn."""

    seeds: Some
    first_seed: Annotated[int, Field(ge=0, le=10**6)] = Field(
        0, description="the others follow; as a profile's"
    )
    effort: Rate = Field(description="share of the full number of steps")

    @property
    def numbers(self) -> range:
        """Its seeds."""
        return range(self.first_seed, self.first_seed + self.seeds)

    def times(self, factor: int) -> Experiments:
        """As many seeds, times a factor: of an experiment whose effect is small."""
        return self.model_copy(update={"seeds": factor * self.seeds})

    def steps(self, full: int) -> int:
        """The steps that stand for `full` at this effort; 2 at least."""
        return max(2, round(full * self.effort))


class Profile(Frozen):
    """A budget. Profiles differ in budgets only, never in code paths."""

    about: str
    images: Literal["small images", "images", "paper scale"] = Field(
        "small images", description="the setting of a test on images, as verdicts name it"
    )
    seeds: Some
    first_seed: Annotated[int, Field(ge=0, le=10**6)] = Field(
        0, description="the others follow; from 100 on where seeds below tuned the recipes"
    )
    critic_steps: Positive = Field(
        description="critic updates per run; generator steps = this / n_critic"
    )
    checkpoints: Annotated[int, Field(ge=2, le=100_000)]
    logs: Some = Field(description="logged steps per run, evenly spaced")
    log_batch: Positive = Field(description="images a side in every logged estimate")
    copied_critic_steps: Annotated[int, Field(ge=0, le=100_000)] = Field(
        100,
        description="steps that a copy of the critic takes at a checkpoint, against the generator as it is",
    )
    evaluation: Evaluation
    experiments: Experiments
    arms: list[Arms]


class Reading(Frozen):
    """How the images of a folder are read, where more than one way is sound."""

    resize: Annotated[int, Field(ge=8, le=4096)] | None = Field(
        default=None,
        description="side in pixels: a centred square is cut out and resized with antialiasing",
    )
    backdrop: Annotated[str, Field(pattern=r"^(white|black|#[0-9a-fA-F]{6})$")] | None = Field(
        default=None,
        description="the colour behind transparent pixels; None: white where none hide colours",
    )


class OwnData(Reading):
    """The user's own images; a path alone stands for ``{path: ...}``."""

    path: str

    @model_validator(mode="before")
    @classmethod
    def _from_path(cls, value: Any) -> Any:
        return {"path": value} if isinstance(value, str) else value


class Config(Frozen):
    """params.yaml."""

    profile: Name
    device: Literal["auto", "cpu", "cuda"] = "auto"
    threads: Positive = 1
    compile: bool = Field(False, description="the nets' passes go through torch's compiler")
    train: bool = Field(True, description="without: report on the evidence that is there")
    only: list[str] | None = Field(
        None, description="patterns of arms, and experiment/<name>: nothing else is planned"
    )
    perturbed: Annotated[float, Field(ge=0, le=0.01)] = Field(
        0.0, description="relative size by which first weights are off: a study of its own"
    )
    jobs_per_gpu: Positive = Field(1, description="jobs that share a GPU; the others wait")
    data_root: str = "data"
    own_data: dict[Name, OwnData] = Field(default_factory=dict)
    nets: dict[Name, NetAlias] = Field(default_factory=dict)
    methods: dict[Name, Change] = Field(default_factory=dict)
    variants: dict[Name, Variant] = Field(default_factory=dict)
    profiles: dict[Name, Profile]

    @model_validator(mode="after")
    def _perturbed_study(self) -> Config:
        """With perturbed weights, the profile in force stands under a name of its own, and alone."""
        suffix = "_perturbed"
        if not self.perturbed or self.profile.endswith(suffix) or self.profile not in self.profiles:
            return self
        name = f"{self.profile}{suffix}"
        return self.model_copy(update={"profile": name, "profiles": {name: self.budget}})

    @property
    def budget(self) -> Profile:
        """The profile in force."""
        return self.profiles[self.profile]

    @property
    def datasets(self) -> tuple[str, ...]:
        """Every valid data set id: the discovered files and the user's own."""
        return (*registry.ids("data"), *self.own_data)

    def joined(self, variant: str) -> dict[str, Variant]:
        """The variants that a name joins with +, in order; none for the unchanged recipe."""
        return {name: self.variants[name] for name in variant.split("+") if name in self.variants}

    def nets_of(self, arms: Arms) -> list[str]:
        """The nets of some arms by name; none where a pattern fits none."""
        every = [*registry.ids("nets"), *self.nets]
        return [name for name in every if fnmatch(name, arms.net)]


class Run(Frozen):
    """One training of one arm, fully resolved: all that decides its outcome, and nothing else."""

    dataset: str
    net: NetAlias
    net_name: str
    method: str
    variant: str
    seeds: tuple[int, ...] = Field(strict=False)
    recipe: Recipe
    steps: Positive
    checkpoints: tuple[int, ...] = Field(strict=False)
    logs: tuple[int, ...] = Field(strict=False)
    log_batch: Positive
    copied_critic_steps: int
    kind: str
    classes: int
    device: str
    threads: Positive
    compile: bool

    @property
    def loss_file(self) -> tuple[str, str]:
        """The folder and the name of the file that defines its loss."""
        return ("losses", self.recipe.loss) if self.recipe.loss else ("methods", self.method)

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """Loss and techniques, each as folder and name of its file: with its net all that it loads by name."""
        return (self.loss_file, *(("techniques", name) for name in self.recipe.techniques))

    @property
    def code(self) -> tuple[str, ...]:
        """The modules that it loads by name, as paths in the package without suffix."""
        return (*("/".join(part) for part in self.parts), f"nets/{self.net.net}")

    @property
    def arm(self) -> str:
        """``dataset/net/method/variant``."""
        return f"{self.dataset}/{self.net_name}/{self.method}/{self.variant}"

    @property
    def id(self) -> str:
        """``<arm>/<name>``."""
        return f"{self.arm}/{self.name}"

    @property
    def name(self) -> str:
        """``seed3``, or ``seeds0-9`` for seeds that train together."""
        return seed_name(self.seeds)


def seed_name(seeds: Sequence[int]) -> str:
    """``seed3``, or ``seeds0-9`` for seeds that train together."""
    first, last = seeds[0], seeds[-1]
    return f"seed{first}" if first == last else f"seeds{first}-{last}"
