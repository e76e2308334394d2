"""One test of a claim as paper.yaml states it: a statistic, its threshold, and the controls that must hold first."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from replication.plan.config import Frozen
from replication.plan.registry import ids, metadata, nearest

#: How a number per seed decides, see `replication.claims.rules`.
Kind = Literal[
    "exact",
    "count",
    "mean",
    "difference",
    "ratio",
    "correlation",
    "equivalence",
    "rate",
    "rate_difference",
    "paired_rate",
    "zero_failures",
]

#: The value of a statistic where there is nothing to see; 0 for all other kinds.
NO_EFFECT = {"ratio": 1.0}


def _oneline(text: str) -> str:
    if text != " ".join(text.split()) or not text:
        raise ValueError("must be one line of text without double spaces")
    return text


Text = Annotated[str, AfterValidator(_oneline)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Panel = Annotated[str, Field(pattern=r"^[a-z0-9_]+/[a-z0-9_]+$")]


class Control(Frozen):
    """What the set-up of a test must show before its numbers say anything about the claim.

    One of trained arms is measured for every arm (`replication.controls`), of which the worst counts; one of an
    experiment comes with the evidence of the panel, and says what it is.
    """

    control: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    arms: list[Text] = Field(
        default_factory=list, description="patterns of arms; none: the panel measures it"
    )
    what: Text = Field("", description="what the panel measures; of arms, the control's LABEL")
    unit: Text = Field("", description="likewise, the control's UNIT")
    direction: Literal["at least", "at most"] = "at least"
    threshold: Number
    reached_by: Text = Field("", description="what would reach it, in a few words")

    @property
    def said(self) -> tuple[str, str]:
        """What is measured, and its unit."""
        if not self.arms:
            return self.what, self.unit
        head = metadata("controls", self.control)
        return head["LABEL"], head["UNIT"]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.arms and self.control not in (known := ids("controls")):
            raise ValueError(f"there is no control {self.control!r}{nearest(self.control, known)}")
        if bool(self.arms) == bool(self.what and self.unit):
            raise ValueError("give either arms, or what the panel measures and its unit")
        return self


class Criterion(Frozen):
    """One statistic with its threshold; a claim has one or more."""

    part: Annotated[str, Field(pattern=r"^[a-z0-9_]*$")] = Field(
        "", description="names the test among several; its evidence is keyed <claim>/<part>"
    )
    kind: Kind
    statistic: Text = Field(description="the value of one seed, in the unit")
    direction: Literal["at least", "at most"] = "at least"
    threshold: Number = Field(
        description="smallest effect of interest; of an equivalence, its margin"
    )
    target: Number = Field(0.0, description="of an equivalence: the value to be near")
    null: Number | None = Field(
        None, description="what the interval must clear; see the property `cleared`"
    )
    unit: Text
    panel: Panel | None = Field(
        None, description="where this test's evidence stands, if not in the claim's panel"
    )
    caveat: str = Field("", description="what a reader must know of the test, whatever it finds")
    controls: list[Control] = Field(
        default_factory=list, description="all must hold, or the test decides nothing"
    )

    @property
    def cleared(self) -> float:
        """The value that the 95 % interval must lie beyond before a claim holds.

        It is `null` where given. Otherwise the value of no effect, if the threshold lies beyond it in
        the claimed direction; if not (an error that must stay below 0.03), the threshold itself.
        """
        if self.null is not None:
            return self.null
        none = NO_EFFECT.get(self.kind, 0.0)
        beyond = self.threshold >= none if self.direction == "at least" else self.threshold <= none
        return none if beyond else self.threshold

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.kind == "equivalence" and self.threshold <= 0:
            raise ValueError("the margin of an equivalence must be positive")
        names = [control.control for control in self.controls]
        if len(set(names)) < len(names):
            raise ValueError("two controls have the same name")
        if self.kind == "ratio" and min(self.threshold, self.cleared) <= 0:
            raise ValueError("threshold and null of a ratio must be positive")
        if self.kind == "rate" and not (0 <= self.threshold <= 1 and 0 <= self.cleared <= 1):
            raise ValueError("threshold and null of a rate must lie in [0, 1]")
        if self.kind in ("rate_difference", "paired_rate") and self.direction == "at most":
            raise ValueError(
                "swap the arms: a difference of rates is claimed to be at least something"
            )
        return self
