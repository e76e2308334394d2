"""Names as a reader sees them: of methods, arms and metrics, all from the heads of their files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import pandas as pd

from replication.metrics import _base as metrics
from replication.plan import registry

#: The columns that identify an arm in every table of results.
ARM = ["dataset", "net", "method", "variant"]

#: The variant that is a method's own recipe, unchanged.
PLAIN = "paper"

#: The estimates of tracking.csv in words; a name that is not here is shown as it is.
ESTIMATES = {
    "estimate_heldout": "estimate, held-out",
    "estimate_train": "estimate, training",
    "w_bound": "score gap / Lipschitz estimate",
    "generator_loss": "generator loss",
    "critic_loss": "critic loss, negated",
}


class Arm(NamedTuple):
    """A method and variant on one data set and net."""

    dataset: str
    net: str
    method: str
    variant: str


@dataclass(frozen=True)
class Metric:
    """A metric as it is shown: the file that defines it, and a label that names the extractor."""

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
    return str(registry.metadata("methods", method)["LABEL"])


@cache
def colour(method: str) -> str:
    """The one colour of a method in every figure."""
    return str(registry.metadata("methods", method)["COLOUR"])


@cache
def estimate(method: str) -> dict[str, str]:
    """``name``, ``symbol`` and ``unit`` of what the critic of a method estimates."""
    return dict(registry.metadata("methods", method)["ESTIMATE"])


@cache
def year(method: str) -> int:
    """The year of a method's source: methods are listed in the order in which they were published."""
    found = re.search(
        r"\b(?:19|20)\d\d\b", registry.metadata("methods", method)["RECIPE"]["source"]
    )
    return int(found.group()) if found else 9999


def in_order(arms: Iterable[Arm]) -> list[Arm]:
    """Distinct arms by data set, year of the method, method, net, and the plain recipe first.

    The net that most arms of a data set use comes before the others.
    """
    distinct = set(arms)

    def place(arm: Arm) -> tuple[object, ...]:
        rarer = arm.net != main_net(arm.dataset, distinct)
        return (
            arm.dataset,
            year(arm.method),
            arm.method,
            rarer,
            arm.net,
            arm.variant != PLAIN,
            arm.variant,
        )

    return sorted(distinct, key=place)


def main_net(dataset: str, among: Iterable[Arm]) -> str | None:
    """The net of more than half of a data set's arms: it goes without saying. None where there is none."""
    nets = Counter(arm.net for arm in set(among) if arm.dataset == dataset)
    (net, count), *_ = nets.most_common(1)
    return net if 2 * count > nets.total() else None


def arm_label(arm: Arm, among: Iterable[Arm]) -> str:
    """The method, with its variant unless plain, and its net unless most of the arms `among` share it."""
    parts = [method_label(arm.method)]
    parts += [words(arm.variant)] if arm.variant != PLAIN else []
    parts += [words(arm.net)] if arm.net != main_net(arm.dataset, among) else []
    return ", ".join(parts)


def words(identifier: str) -> str:
    """An id as words."""
    return identifier.replace("_", " ").replace("+", " + ")


@cache
def dataset_label(dataset: str) -> str:
    """``Ring of 8`` for ``ring``; the user's own data go by their name."""
    known = dataset in registry.ids("data")
    return str(registry.metadata("data", dataset)["LABEL"]) if known else words(dataset)


def signal(identifier: str) -> str:
    """What tracking.csv calls an estimate, in words: a training signal, or a metric that measures from outside."""
    if identifier in metrics.outside():
        return metric(identifier).label
    return ESTIMATES.get(identifier, words(identifier))


@cache
def metric(metric_id: str) -> Metric:
    """The metric of an id such as ``fid_lenet_mnist_5k``; raises `UnknownName` where none answers to it."""
    stem, extractor, _ = metrics.parts(metric_id)
    head = registry.metadata("metrics", stem)
    seen = f" ({registry.metadata('features', extractor)['LABEL']})" if extractor else ""
    return Metric(stem, f"{head['LABEL']}{seen}", head["UNIT"], head["DIRECTION"])


def stems(metric_ids: pd.Series) -> pd.Series:
    """The file stem of every metric id in a column."""
    return metric_ids.map(lambda metric_id: metric(metric_id).stem)


def rows_of(table: pd.DataFrame, arm: Arm) -> pd.DataFrame:
    """The rows of one arm."""
    return table[(table[ARM] == list(arm)).all(axis=1)]


def arm_of_each(table: pd.DataFrame) -> list[str]:
    """The arm of every row: ``dataset/net/method/variant``; none of a table without rows."""
    return ["/".join(map(str, row)) for row in table[ARM].itertuples(index=False)]


def by_arm(table: pd.DataFrame, column: str) -> dict[str, list[float]]:
    """A column's values, in the order of the seeds, by arm: ``dataset/net/method/variant``."""
    groups = table.sort_values("seed", kind="stable").groupby(ARM)[column]
    return {"/".join(map(str, arm)): own.tolist() for arm, own in groups}


def arms_of(table: pd.DataFrame) -> list[Arm]:
    """The arms of a table, in the order in which they are shown."""
    return in_order(Arm(*row) for row in table[ARM].itertuples(index=False))
