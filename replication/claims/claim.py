"""A claim as paper.yaml states it: one sentence, with the tests that decide it in each setting."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from replication.claims.criterion import Control, Criterion, Panel, Registered, Setting, Text
from replication.plan.config import Frozen

#: Where a statement comes from, as far as it was checked.
Source = Literal[
    "paper's text", "authors' code", "other publications", "reported from memory", "ours"
]


class Claim(Frozen):
    """One atomic statement of a paper, with tests in one setting or more.

    `needs` says which of the tests of one setting must hold, all or any; the other settings have verdicts of
    their own. `native` is the setting in which the paper itself has the claim.
    """

    id: Annotated[str, Field(pattern=r"^[A-Z]+\d\d-C\d+[a-z]?$")]
    paper: str
    statement: Text
    where: Text
    source: Source
    native: Setting = "images"
    panel: Panel | None = None
    needs: Literal["all", "any"] = "all"
    controls: list[Control] = Field(default_factory=list, description="of all its tests")
    uncontrolled: Text | None = Field(None, description="why its tests need no control")
    registered: Registered | None = Field(None, description="if not as the paper's tests")
    tests: list[Criterion] = Field(min_length=1)

    @property
    def keys(self) -> dict[str, Criterion]:
        """The key of the evidence of each test: the claim's id, and ``<id>/<part>`` for a named part."""
        return {f"{self.id}/{test.part}".removesuffix("/"): test for test in self.tests}

    @property
    def settings(self) -> list[Setting]:
        """Those in which it has tests, in their order."""
        return list(dict.fromkeys(test.setting for test in self.tests))

    def asked_of(self, test: Criterion) -> list[Control]:
        """The controls of a test: the claim's, and its own."""
        return [*self.controls, *test.controls]

    def registration(self, test: Criterion) -> Registered:
        """When a test was written down."""
        found = test.registered or self.registered
        assert found is not None  # else the claim is refused
        return found

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

    @property
    def _controlled(self) -> bool:
        """Whether all of its tests have controls."""
        return all(self.asked_of(test) for test in self.tests)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        parts = [test.part for test in self.tests]
        if len(set(parts)) < len(parts):
            raise ValueError("each of several tests needs its own part")
        for key, test in self.keys.items():
            if fault := self._unstated(test):
                raise ValueError(f"{key}: {fault}")
        return self

    def _unstated(self, test: Criterion) -> str:
        """What neither the test states nor the claim for it."""
        names = [control.control for control in self.asked_of(test)]
        if len(set(names)) < len(names):
            return "two controls have the same name"
        if not names and not (test.uncontrolled or self.uncontrolled):
            return "controls: name one, or say under uncontrolled why none is needed"
        if names and (test.uncontrolled or (self.uncontrolled and self._controlled)):
            return "uncontrolled: it has controls; take one of the two out"
        if not (test.registered or self.registered):
            return (
                "registered: say on which day it was written down, and which results had been seen"
            )
        return ""
