"""A panel is a figure of a paper, re-made from our runs: what it is given, and how its files are written.

A panel's file has the literal constants ``TITLE`` and ``CAPTION`` (what our figure shows, with its protocol), where it
mirrors a figure ``MIRRORS`` (``"wgan2017:fig3"``), where a paper has a figure or a table like it ``PAPER_SHOWS`` (what
that shows), where it shows runs ``RUNS`` (patterns of their arms, ``dataset/net/method/variant``; ``["*"]`` takes every
arm of the profile), where it shows experiments ``EXPERIMENTS`` (their ids), where it
explains something ``EXPLAINED`` (two sentences for a student), where a page on theory shows it ``TOPIC`` and ``PLACE``
(see `replication.report.topics`, and where it stands there), where what it mirrors has no number ``FIGURE`` (its place
among its paper's figures), where it answers the front page's first question ``LEAD`` (its place among such panels) with
a function ``finding(table)`` (a sentence, and one with the number), where a page shows numbers in place of the drawing
``AS_TABLE`` (columns of its csv, each with the name over it), and the functions ``data`` and ``draw(table)``.
``data`` is given what it asks for by name: ``frames``, the results of its runs; ``experiment``, the table of an
experiment by its id; ``held_out``, so many real samples of a data set.

``data`` finds what is shown, and ``draw`` opens no file: results, pictures and reference values it has from the table,
and it adds no more than the curve of a formula. A picture (images, points, values on a grid) is an array in a column
whose name begins with `PICTURE`; the other columns are the panel's csv.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.evidence import growing, store
from replication.figures import names, style
from replication.figures.results import Frames, MissingResult, experiment
from replication.jobs import files
from replication.metrics import _base as metrics
from replication.plan import registry
from replication.plan.study import Study, kind

#: How the names of columns begin that hold pictures: arrays, one per row, and None where there is none.
PICTURE = "picture"


class Panel(Protocol):
    """What a panel's file provides: its table, of what `data` asks for by name, and its figure."""

    data: Callable[..., pd.DataFrame]
    draw: Callable[[pd.DataFrame], Figure]


def tabled(panel: str, study: Study, frames: Frames | None) -> pd.DataFrame:
    """All that a panel ``<paper>/<panel>`` shows of a study, tidy: its numbers, and its pictures.

    Args:
        panel: its name.
        study: whose experiments and data sets it shows.
        frames: the results of its runs; None for one that asks for none.
    """
    data = cast(Panel, registry.load_panel(panel)).data
    given = {
        "frames": frames,
        "experiment": partial(experiment, study.paths),
        "held_out": partial(store.held_out, study.paths),
    }
    return data(**{name: given[name] for name in inspect.signature(data).parameters})


def numbers(table: pd.DataFrame) -> pd.DataFrame:
    """A panel's table without its pictures: what its csv holds."""
    return table.loc[:, [not column.startswith(PICTURE) for column in table]]


def figure(panel: str, table: pd.DataFrame, why: str) -> Figure:
    """The figure of a panel, or one that says why there is none.

    Args:
        panel: its name.
        table: what it shows.
        why: there is nothing to show, see `reason`.
    """
    if not len(table):
        return style.notice(f"Nothing to show: {why}.")
    made = cast(Panel, registry.load_panel(panel)).draw(table)
    style.say_what_is_empty(made)
    return made


def reason(panel: str, study: Study, frames: Frames | None) -> str:
    """Why a study has nothing that a panel shows, in a few words."""
    head = registry.panel_metadata(panel)
    if missing := _missing(head, study):
        they, have = ("experiment", "has") if len(missing) == 1 else ("experiments", "have")
        return f"the {they} {' and '.join(map(names.words, missing))} {have} not been run yet"
    runs = ", ".join(head["RUNS"])
    if frames is None or not len(frames.runs):
        planned = any(study.fits(arm, head["RUNS"]) for arm in study.arms)
        return f"no run of {runs} is there yet" if planned else f"this profile has no run of {runs}"
    if not (frames.runs["state"] == "finished").any():
        return f"every run of {runs} diverged"
    scored = {d for d, m in zip(frames.reference["dataset"], frames.reference["metric"], strict=True)
              if metrics.parts(m)[1]}  # fmt: skip
    bare = [d for d in frames.datasets if kind(d) == "images" and d not in scored]
    if bare:
        return f"{', '.join(bare)} has no labels, so no classifier could be trained to score images"
    return f"no run of {runs} has what it would show"


def _missing(head: dict[str, Any], study: Study) -> list[str]:
    """The experiments of a panel that have no evidence."""
    asked = head.get("EXPERIMENTS", [])
    return [name for name in asked if not study.paths.experiment(name).exists()]


@np.errstate(divide="ignore", invalid="ignore")  # 0 / 0 is NaN, which no figure shows
def render(study: Study, panel: str, pdf: bool = False) -> list[Path]:
    """Write the figure of a panel ``<paper>/<panel>`` as svg and png, and its numbers as csv.

    A profile may hold none of the arms that a panel needs; its svg then says so, and there is no png.

    Args:
        study: whose results it shows.
        panel: its name.
        pdf: whether to write that beside them, for print: no page shows it, and it takes as long as the others.

    Raises:
        UnknownName: there is no such panel.
        MissingResult: results are not collected yet.
    """
    head = registry.panel_metadata(panel)
    wanted = head["RUNS"]
    # A panel that needs no run has its own numbers, and one whose runs are not there has none: both may be
    # drawn before any run has ended.
    there = any(study.fits(arm, wanted) for arm in growing.whole(study))
    frames = Frames.read(study).only(wanted) if there else None
    shown = (there or not wanted) and not _missing(head, study)
    table = tabled(panel, study, frames) if shown else pd.DataFrame(columns=["seed"])
    with style.applied():
        paths = study.paths.panel(panel)
        made = figure(panel, table, reason(panel, study, frames) if table.empty else "")
        shown_as = ["svg", *(["png"] if len(table) else []), *(["pdf"] if pdf else [])]
        style.save(made, paths[0].with_suffix(""), shown_as)
    if table.empty:
        study.paths.picture(panel).unlink(missing_ok=True)
    text = numbers(table).to_csv(index=False, float_format="%.6g", lineterminator="\n")
    files.write_text(paths[-1], text)
    return paths


def file(name: str) -> pd.DataFrame:
    """A table beside the package, of a panel's ``FILES``.

    Raises:
        MissingResult: this is no clone of the project, or it was removed.
    """
    path = registry.PACKAGE.parent / name
    if not path.exists():
        raise MissingResult(
            f"{path}: no such file; make it in a clone of the project with: make bench"
        )
    return pd.read_csv(path)
