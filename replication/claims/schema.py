"""What a paper's ``paper.yaml`` holds, checked: citation, recipes, headline numbers and claims. No torch here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from replication.claims.criterion import Control, Criterion, Panel, Text
from replication.plan.config import Frozen
from replication.plan.params import said
from replication.plan.registry import PACKAGE, nearest

PAPERS = PACKAGE / "papers"

#: T0: a calculation. T1: a toy, minutes on a CPU. T2: 28x28 images, reduced. T3: the paper's own scale.
Tier = Literal["T0", "T1", "T2", "T3"]

#: Where a statement comes from, as far as it was checked.
Source = Literal[
    "paper's text", "authors' code", "other publications", "reported from memory", "ours"
]


class PaperError(ValueError):
    """A fault in a paper.yaml: one line per fault, each with the file and the key's path."""


class Citation(Frozen):
    """Who wrote what, where and when."""

    authors: list[Text] = Field(min_length=1)
    title: Text
    venue: Text
    year: Annotated[int, Field(ge=2014, le=2100)]
    arxiv: Annotated[str, Field(pattern=r"^\d{4}\.\d{4,5}$")] | None = None
    openreview: Annotated[str, Field(pattern=r"^[\w-]{10}$")] | None = None

    @property
    def short(self) -> str:
        """``Mao et al. 2017``."""
        families = [author.rsplit(" ", 1)[-1] for author in self.authors]
        names = " and ".join(families) if len(families) <= 2 else f"{families[0]} et al."
        return f"{names} {self.year}"


class Recipe(Frozen):
    """How the authors trained, in a paper's words or in their code's; the two often differ."""

    of: Text
    form: Literal["printed", "coded"]
    source: Source
    settings: dict[Text, Text] = Field(min_length=1)


class Headline(Frozen):
    """A number that the paper prints, with the protocol without which it means nothing."""

    what: Text
    value: Text
    protocol: Text
    source: Source


class Claim(Frozen):
    """One testable statement of a paper.

    `needs` says which tests must hold: all, any, or all that were measured (where one of them suffices to
    test the claim). `tiers` are the scales that can decide it, cheapest first.
    """

    id: Annotated[str, Field(pattern=r"^[A-Z]+\d\d-C\d+$")]
    paper: str
    statement: Text
    where: Text
    tiers: list[Tier] = Field(min_length=1)
    source: Source
    panel: Panel | None = None
    needs: Literal["all", "any", "measured"] = "all"
    controls: list[Control] = Field(default_factory=list, description="of all its tests")
    tests: list[Criterion] = Field(min_length=1)

    @property
    def keys(self) -> dict[str, Criterion]:
        """The key of the evidence of each test: the claim's id, and ``<id>/<part>`` for a named part."""
        return {f"{self.id}/{test.part}".removesuffix("/"): test for test in self.tests}

    def asked_of(self, test: Criterion) -> list[Control]:
        """The controls of a test: the claim's, and its own."""
        return [*self.controls, *test.controls]

    @property
    def controls_of(self) -> list[tuple[str, str]]:
        """Every control of every test, as the test's key and the control's name."""
        return [
            (key, one.control) for key, test in self.keys.items() for one in self.asked_of(test)
        ]

    @property
    def panels(self) -> list[str]:
        """The panels that show the evidence, the claim's own first."""
        named = [self.panel, *(test.panel for test in self.tests)]
        return list(dict.fromkeys(panel for panel in named if panel))

    @model_validator(mode="after")
    def _sound(self) -> Self:
        parts = [test.part for test in self.tests]
        if len(set(parts)) < len(parts):
            raise ValueError("each of several tests needs its own part")
        if self.tiers != sorted(set(self.tiers)):
            raise ValueError("tiers must be listed once each, in order")
        return self


class Paper(Frozen):
    """A paper, as its folder describes it."""

    citation: Citation
    argues: list[Text] = Field(min_length=3, max_length=3, description="three sentences")
    recipes: list[Recipe] = Field(default_factory=list)
    headline: list[Headline] = Field(default_factory=list)
    deviations: list[Text] = Field(
        default_factory=list, description="what our runs do otherwise, numbered in this order"
    )
    claims: list[Claim] = Field(default_factory=list)


@cache
def papers() -> dict[str, Paper]:
    """Every paper by its folder's name, sorted.

    Raises:
        PaperError: a file is not valid, or two claims share an id.
    """
    found = {path.parent.name: load(path) for path in sorted(PAPERS.glob("*/paper.yaml"))}
    if faults := list(_shared_ids(found)):
        raise PaperError("\n".join(faults))
    return found


def load(path: Path) -> Paper:
    """Read one ``<folder>/paper.yaml``; the folder's name becomes the paper of its claims.

    Raises:
        PaperError: a file that is missing or not YAML, an unknown key, a value that is missing or wrong.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PaperError(f"{path}: no such file; describe the paper there") from None
    except yaml.YAMLError as error:
        raise PaperError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from None
    if not isinstance(raw, dict):
        raise PaperError(f"{path}: expected keys and values, found {type(raw).__name__}")
    claims = raw.get("claims")
    for claim in claims if isinstance(claims, list) else []:
        if isinstance(claim, dict):
            claim["paper"] = path.parent.name
    try:
        return Paper.model_validate(raw)
    except ValidationError as error:
        raise PaperError("\n".join(_explain(path, e) for e in error.errors())) from None


def _explain(path: Path, error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"])
    if error["type"] != "extra_forbidden":
        return f"{path}: {place}: {said(error)}"
    fields = (Paper, Citation, Recipe, Headline, Control, Criterion, Claim)
    known = {name for model in fields for name in model.model_fields}
    return f"{path}: {place}: unknown key{nearest(str(error['loc'][-1]), known)}"


def _shared_ids(found: dict[str, Paper]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for claim in all_claims(found.values()):
        if claim.id in seen:
            yield f"{claim.id}: a claim of {seen[claim.id]} and of {claim.paper}; rename one"
        seen[claim.id] = claim.paper


def all_claims(found: Iterable[Paper]) -> Iterator[Claim]:
    """The claims of papers, in order."""
    for paper in found:
        yield from paper.claims
