"""One test of a claim as paper.yaml states it: setting, statistic, threshold, and the controls that must hold first."""

from __future__ import annotations

import datetime
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
    "equal_ratio",
    "rate",
    "rate_difference",
    "paired_rate",
    "zero_failures",
]

#: Kinds that ask whether two things are about equal: their threshold is a margin, or of a ratio a factor.
EQUAL = ("equivalence", "equal_ratio")

#: Kinds whose numbers are no sample of anything: they have neither a null nor a unit of inference.
CERTAIN = ("exact", "count")

#: Where a test is made. What ``images`` are called in a study, its profile says (`Profile.images`).
Setting = Literal["calculation", "2-D", "images"]

#: What is drawn at random, so that the interval is over it.
Over = Literal["seeds", "models", "draws", "starts", "runs"]

Direction = Literal["at least", "at most"]


def _oneline(text: str) -> str:
    if text != " ".join(text.split()) or not text:
        raise ValueError("must be one line of text without double spaces")
    return text


Text = Annotated[str, AfterValidator(_oneline)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Panel = Annotated[str, Field(pattern=r"^[a-z0-9_]+/[a-z0-9_]+$")]


class Registered(Frozen):
    """When a test was written down, and what was known by then."""

    on: datetime.date
    seen: Text = Field(description="which results of the test were known: nothing, or what")
    changed: Text | None = Field(None, description="what was changed since, and why")


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
    direction: Direction = "at least"
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
    """One statistic with its threshold in one setting; a claim has one or more."""

    part: Annotated[str, Field(pattern=r"^[a-z0-9_]*$")] = Field(
        "", description="names the test among several; its evidence is keyed <claim>/<part>"
    )
    setting: Setting
    kind: Kind
    statistic: Text = Field(description="the value of one seed, in the unit")
    direction: Direction
    threshold: Number = Field(
        description="smallest effect of interest; of an equivalence, its margin or factor"
    )
    reason: Text = Field(description="why this threshold, in a sentence")
    target: Number = Field(0.0, description="of an equivalence: the value to be near")
    null: Number | None = Field(
        None, description="what the interval must clear; of an equivalence, its threshold"
    )
    spread: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        None,
        description="standard deviation of one seed's value on seeds seen before, of a ratio its logarithm's",
    )
    unit: Text = Field(description="of the number")
    over: Over | None = Field(None, description="the unit of inference")
    arms: list[Text] = Field(
        default_factory=list, description="patterns of the arms that give its numbers, if any do"
    )
    panel: Panel | None = Field(
        None, description="where this test's evidence stands, if not in the claim's panel"
    )
    caveat: str = Field("", description="what a reader must know of the test, whatever it finds")
    controls: list[Control] = Field(
        default_factory=list, description="all must hold, or the test decides nothing"
    )
    uncontrolled: Text | None = Field(
        None, description="without any control, the claim's included: why none is needed"
    )
    registered: Registered | None = Field(
        None, description="if not as the claim's or the paper's tests"
    )

    @property
    def cleared(self) -> float:
        """The value beyond which the interval that decides must lie; of what is certain, the threshold."""
        return self.threshold if self.null is None else self.null

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if fault := self._incomplete() or self._impossible():
            raise ValueError(fault)
        return self

    def _incomplete(self) -> str:
        """What a test of this kind must state and does not, or states and cannot have."""
        given = [name for name in ("null", "over") if getattr(self, name) is not None]
        if self.kind in CERTAIN:
            return (
                f"{given[0]}: a test of kind {self.kind} knows no chance; take it out"
                if given
                else ""
            )
        if self.null is None:
            return f'"null": state the value that the interval of a test of kind {self.kind} must clear'
        return "" if self.over else "over: state what the interval is over, such as seeds"

    def _impossible(self) -> str:
        """Why thresholds and null do not fit the kind."""
        if self.kind == "equivalence" and self.threshold <= 0:
            return "the margin of an equivalence must be positive"
        if self.kind == "equal_ratio" and self.threshold <= 1:
            return "the factor of two about equal numbers must be above 1"
        if self.kind in EQUAL and self.null != self.threshold:
            return "the null of an equivalence is its threshold"
        if self.kind == "ratio" and min(self.threshold, self.cleared) <= 0:
            return "threshold and null of a ratio must be positive"
        if self.kind == "rate" and not (0 <= self.threshold <= 1 and 0 <= self.cleared <= 1):
            return "threshold and null of a rate must lie in [0, 1]"
        if self.kind in ("rate_difference", "paired_rate") and self.direction == "at most":
            return "swap the arms: a difference of rates is claimed to be at least something"
        return ""
