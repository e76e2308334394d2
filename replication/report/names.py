"""Names as a reader sees them: of methods, arms and metrics, all from the heads of their files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import pandas as pd

from replication import registry

#: The columns that identify an arm in every table of results.
ARM = ["dataset", "net", "method", "variant"]

#: The variant that is a method's own recipe, unchanged.
PLAIN = "paper"

#: The estimates of tracking.csv in words; a name that is not here is shown as it is.
ESTIMATES = {
    "estimate_heldout": "estimate, held-out",
    "estimate_train": "estimate, training",
    "w_bound": "W bound, score gap / K",
    "score_gap": "score gap, held-out",
    "generator_loss": "generator loss",
    "critic_loss": "critic loss",
}


class Arm(NamedTuple):
    """A method and variant on one data set and net."""

    dataset: str
    net: str
    method: str
    variant: str


@dataclass(frozen=True)
class Metric:
    """A metric as it is shown: `id` with its protocol, `stem` the file that defines it."""

    id: str
    stem: str
    label: str
    unit: str
    direction: str

    @property
    def title(self) -> str:
        """Label and the direction that is better, ``FID (LeNet) ↓``."""
        return f"{self.label} {'↓' if self.direction == 'lower' else '↑'}"


@cache
def method_label(method: str) -> str:
    """``WGAN-GP`` for ``wgan_gp``."""
    return str(registry.head("methods", method)["LABEL"])


@cache
def colour(method: str) -> str:
    """The one colour of a method in every figure."""
    return str(registry.head("methods", method)["COLOUR"])


@cache
def estimate(method: str) -> dict[str, str]:
    """``name``, ``symbol`` and ``unit`` of what the critic of a method estimates."""
    return dict(registry.head("methods", method)["ESTIMATE"])


@cache
def year(method: str) -> int:
    """The year of a method's source: methods are listed in the order in which they were published."""
    found = re.search(r"\b(?:19|20)\d\d\b", registry.head("methods", method)["RECIPE"]["source"])
    return int(found.group()) if found else 9999


def in_order(arms: Iterable[Arm]) -> list[Arm]:
    """Distinct arms by data set, year of the method, method, net, and the plain recipe first."""
    return sorted(
        set(arms),
        key=lambda a: (a.dataset, year(a.method), a.method, a.net, a.variant != PLAIN, a.variant),
    )


def arm_label(arm: Arm, among: Iterable[Arm]) -> str:
    """The method, with its variant unless plain, and its net where `among` has several of them."""
    several = len({other.net for other in among if other.dataset == arm.dataset}) > 1
    parts = [method_label(arm.method)]
    parts += [words(arm.variant)] if arm.variant != PLAIN else []
    parts += [words(arm.net)] if several else []
    return ", ".join(parts)


def words(identifier: str) -> str:
    """An id as words."""
    return identifier.replace("_", " ")


@cache
def metric(metric_id: str) -> Metric:
    """The metric of an id such as ``fid_lenet_mnist_5k``: the longest file stem that starts it."""
    stems = (s for s in registry.ids("metrics") if metric_id == s or metric_id.startswith(f"{s}_"))
    stem = max(stems, key=len, default=metric_id)
    head = registry.head("metrics", stem) if stem in registry.ids("metrics") else {}
    label = str(head.get("LABEL", words(stem)))
    if "_lenet_" in metric_id and "lenet" not in label.lower():
        label += " (LeNet)"
    direction = str(head.get("DIRECTION", "lower"))
    return Metric(metric_id, stem, label, str(head.get("UNIT", "")), direction)


def stems(metric_ids: pd.Series) -> pd.Series:
    """The file stem of every metric id in a column."""
    return metric_ids.map(lambda metric_id: metric(metric_id).stem)


def rows_of(table: pd.DataFrame, arm: Arm) -> pd.DataFrame:
    """The rows of one arm."""
    return table[(table[ARM] == list(arm)).all(axis=1)]


def arms_of(table: pd.DataFrame) -> list[Arm]:
    """The arms of a table, in the order in which they are shown."""
    return in_order(Arm(*row) for row in table[ARM].itertuples(index=False))
