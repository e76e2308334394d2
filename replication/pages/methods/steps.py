"""What a training step costs, against what it cannot do without and against a tutorial's loop."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import names, panel, style

TITLE = "What a training step costs"
CAPTION = (
    "One iteration of Algorithm 1 on one thread, random images, nets of the laptop profile and a DCGAN of width 64 on "
    "32-pixel colour images. Left: its time over that of its matrix products and convolutions alone (dashes: 1.2, the "
    "aim). Middle: the time of a loop as tutorials write it, on equal nets, over ours (dashes: 1.5, the aim). Right: "
    "multiply-adds a second, as a share of a product of two 1,024 x 1,024 matrices. Ratios are medians of seven turns."
)
EXPLAINED = (
    "The nearer to one on the left, the less time goes to anything but arithmetic that no program could leave out. "
    "What lies between is the optimiser, which touches every weight at every step, and the calls themselves."
)
FILES = ["benchmarks/table.csv"]

#: Column, title and aim.
VIEWS = {
    "ratio_step_to_floor": ("step / floor", 1.2),
    "ratio_textbook_to_ours": ("textbook / ours", 1.5),
    "utilisation": ("share of a matrix product's rate", None),
}
MARKERS = {"mlp": "o", "dcgan_32": "s", "dcgan_64_cifar": "^"}


def data() -> pd.DataFrame:
    """The benchmark's table: a row for every method and net."""
    return panel.file(FILES[0])


def draw(table: pd.DataFrame) -> Figure:
    """Methods down, a plot for every ratio, a mark for every net."""
    figure = style.figure(2.5)
    methods = list(dict.fromkeys(table["method"]))
    for axes, (column, (title, aim)) in zip(
        figure.subplots(1, len(VIEWS), sharey=True), VIEWS.items(), strict=True
    ):
        if aim is not None:
            axes.axvline(aim, color=style.MUTED, linestyle="--", linewidth=0.9)
        for net, marker in MARKERS.items():
            _dots(axes, table[table["net"] == net], methods, column, marker)
        axes.set_xlabel(title)
        axes.set_xlim(0, 1.06 * table[column].max())
    axes.set_yticks(range(len(methods)), [names.method_label(method) for method in methods])
    axes.invert_yaxis()
    handles = [
        axes.plot([], [], marker, color=style.MUTED, label=net)[0]
        for net, marker in MARKERS.items()
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=len(MARKERS))
    return figure


def _dots(axes: Axes, own: pd.DataFrame, methods: list[str], column: str, marker: str) -> None:
    places = [methods.index(method) for method in own["method"]]
    colours = [names.colour(method) for method in own["method"]]
    axes.scatter(own[column], places, c=colours, marker=marker, s=22, zorder=3)
