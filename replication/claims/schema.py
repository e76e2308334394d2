"""What a paper's ``paper.yaml`` holds, checked: citation, recipes, headline numbers and claims. No torch here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError

from replication.claims.claim import Claim, Source
from replication.claims.criterion import Control, Criterion, Registered, Text
from replication.plan.config import Frozen
from replication.plan.params import said
from replication.plan.registry import PACKAGE, nearest

PAPERS = PACKAGE / "papers"


class PaperError(ValueError):
    """A fault in a paper.yaml: one line per fault, each with the file and the key's path."""


class Words(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # C: five times as fast
    """Reads ``on`` and ``yes`` as words, as YAML 1.2 does; only true and false are booleans."""


Words.yaml_implicit_resolvers = {
    letter: [rule for rule in rules if rule[0] != "tag:yaml.org,2002:bool" or letter in "tTfF"]
    for letter, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


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


class Paper(Frozen):
    """A paper, as its folder describes it."""

    citation: Citation
    argues: list[Text] = Field(min_length=3, max_length=3, description="three sentences")
    recipes: list[Recipe] = Field(default_factory=list)
    headline: list[Headline] = Field(default_factory=list)
    deviations: list[Text] = Field(
        default_factory=list, description="what our runs do otherwise, numbered in this order"
    )
    registered: Registered | None = Field(None, description="of tests that say nothing else")
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
        raw = yaml.load(path.read_text(encoding="utf-8"), Words)
    except FileNotFoundError:
        raise PaperError(f"{path}: no such file; describe the paper there") from None
    except yaml.YAMLError as error:
        raise PaperError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from None
    if not isinstance(raw, dict):
        raise PaperError(f"{path}: expected keys and values, found {type(raw).__name__}")
    claims, registered = raw.get("claims"), raw.get("registered")
    for claim in claims if isinstance(claims, list) else []:
        if isinstance(claim, dict):
            claim["paper"] = path.parent.name
            claim.setdefault("registered", registered)
    try:
        return Paper.model_validate(raw)
    except ValidationError as error:
        raise PaperError("\n".join(_explain(path, e) for e in error.errors())) from None


def _explain(path: Path, error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"])
    if error["type"] != "extra_forbidden":
        return f"{path}: {place}: {said(error)}"
    fields = (Paper, Citation, Recipe, Headline, Registered, Control, Criterion, Claim)
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
