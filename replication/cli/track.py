"""Can you read your loss? The answer for somebody's own training, as text, JSON and a figure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from replication.analysis import answers, checkpoints, logs
from replication.analysis.answers import Finding
from replication.analysis.checkpoints import Followed
from replication.analysis.columns import Given
from replication.analysis.logs import Log, LogError
from replication.analysis.signals import Worth
from replication.analysis.statistics import Interval, mean_interval
from replication.cli import advice, answer, peers
from replication.cli.peers import Peer
from replication.jobs import files

#: The statistics of a run, with the values that their means can have.
STATISTICS = dict.fromkeys(
    ("spearman", "partial", "late", "clock", "clock_late"), (-1.0, 1.0)
) | dict.fromkeys(("lost", "clock_lost"), (0.0, math.inf))

Source: TypeAlias = pd.DataFrame | str | Path


def track(
    source: Source | Sequence[Source],
    *,
    estimate: str | None = None,
    quality: str | None = None,
    step: str | None = None,
    seed: str | None = None,
    lower_is_better: bool | None = None,
    negate: bool = False,
) -> Answer:
    """Whether a training signal can be read as progress.

    Args:
        source: a table with columns for step, estimate and quality, or the path of a log; or several, one per seed.
        estimate: column of the signal, which should fall as samples get better. Columns that are not named are
            guessed by their names.
        quality: column of the quality.
        step: column of the training step.
        seed: column of the seed; without one every table or log is a seed.
        lower_is_better: of the quality; None where its name says so.
        negate: whether the signal rises as samples get better.

    Raises:
        LogError: one line that says what cannot be read or told, and what to do.
    """
    sources = [source] if isinstance(source, Source) else list(source)
    if not sources:
        raise LogError("no log; name at least one")
    read = [_read(one, place) for place, one in enumerate(sources)]
    if twice := sorted(
        {log.name for log in read if [one.name for one in read].count(log.name) > 1}
    ):
        raise LogError(f"{twice[0]}: named twice; name each log once")
    better = None if lower_is_better is None else "lower" if lower_is_better else "higher"
    given = Given(estimate, quality, step, seed, better, negate)  # type: ignore[arg-type]
    followed = checkpoints.follow(read, given)
    own = {Path(log.name).resolve() for log in read if log.ours}
    return Answer(followed, frozenset(own))


def stem(path: Path) -> str:
    """What the files about a log are called: its name without suffix; of an arm its method and variant."""
    if not path.is_dir():
        return path.stem
    parts = path.resolve().parts
    return "_".join(parts[-2:]) if (path / logs.ARM_TABLES[0]).is_file() else parts[-1]


@dataclass(frozen=True)
class Answer:
    """What a training's log says. Printed, it is the text for a reader.

    Attributes:
        followed: the checkpoints that were compared, and what was found seed by seed.
        ours: the folders of this project's arms among the logs, which are not compared with themselves.
    """

    followed: Followed
    ours: frozenset[Path]

    @cached_property
    def peers(self) -> list[Peer]:
        """This project's own arms."""
        return peers.read(self.ours)

    @property
    def means(self) -> dict[str, Interval]:
        """`STATISTICS`, mean over the seeds in which each is defined."""
        return {
            name: mean_interval(self.followed.seeds[name], within=ends)
            for name, ends in STATISTICS.items()
        }

    @property
    def finding(self) -> Finding:
        """What they say together."""
        return answers.finding(self.means, len(self.followed.seeds))

    @property
    def advice(self) -> str:
        """One sentence on what to do, and one on what the seeds cannot tell."""
        columns = self.followed.columns
        return advice.sentence(
            self.finding, columns.estimate, columns.quality, len(self.followed.seeds)
        )

    def __str__(self) -> str:
        means = self.means
        among = peers.told(self.peers, means["spearman"].mean, means["partial"].mean)
        return "\n".join([*answer.lines(self.followed, means), "", among, "", self.advice])

    def plain(self) -> dict[str, Any]:
        """All of it as JSON holds it; what is undefined is None."""
        columns, means = self.followed.columns, self.means
        return {
            "estimate": columns.estimate,
            "quality": columns.quality,
            "step": columns.step,
            "better": columns.better,
            "negated": columns.sign < 0,
            "finding": self.finding,
            "advice": self.advice,
            "means": {name: _json(found._asdict()) for name, found in means.items()},
            "seeds": [{"seed": seed} | _json(Worth(*row)._asdict())
                      for seed, *row in self.followed.seeds.itertuples(name=None)],
            "notes": self.followed.notes,
            "arms": [_json(peer._asdict()) for peer in self.peers],
        }  # fmt: skip

    def write(self, name: Path | str) -> list[Path]:
        """Write ``<name>.track.json`` and ``<name>.track.png``; returns their paths."""
        from replication.figures import signal

        table, figure = (Path(f"{name}.track.{suffix}") for suffix in ("json", "png"))
        files.write_json(table, self.plain())
        signal.save(self.followed, figure)
        return [table, figure]


def _read(source: Source, place: int) -> Log:
    if not isinstance(source, pd.DataFrame):
        return logs.read(Path(source))
    named = [name for name in source.index.names if name is not None and name not in source]
    frame = source.reset_index(level=named) if named else source
    if frame.empty:
        raise LogError(f"frame {place}: no row of values; give one with checkpoints")
    return Log(f"frame {place}", frame.rename(columns=str))


def _json(values: dict[str, Any]) -> dict[str, Any]:
    return {
        k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in values.items()
    }
