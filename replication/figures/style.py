"""One look for every figure: type sizes for print, one colour per method, files that repeat byte for byte."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from replication.figures import palette
from replication.jobs import files

#: Text width of a printed page, inches; every figure is this wide, so that its type keeps its size.
WIDTH = 7.0

INK, MUTED, GRID, PAPER = palette.INK, palette.MUTED, palette.GRID, palette.PAPER
DASHES: tuple[Any, ...] = ("-", (0, (4, 1.6)), (0, (1.2, 1.4)), (0, (6, 1.5, 1.2, 1.5)))
DPI = 200

#: What a figure can be written as, each with what is left out of its header.
FORMATS = {
    "svg": ("Date", "Creator", "Format", "Type"),
    "png": ("Software",),
    "pdf": ("CreationDate", "Creator", "Producer"),
}

_RC: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 8,
    "axes.titlesize": 8.5,
    "axes.labelsize": 8,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "legend.fontsize": 7.5,
    "legend.frameon": False,
    "axes.titlelocation": "left",
    "axes.titlepad": 5,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.linewidth": 0.7,
    "axes.grid": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "lines.linewidth": 1.4,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "figure.dpi": 100,
    "svg.hashsalt": "replication",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
    "path.simplify_threshold": 0.3,
}


@contextmanager
def applied() -> Iterator[None]:
    """The look, inside a ``with`` block only."""
    import seaborn as sns  # here, since it loads more than a job that draws nothing should wait for

    with sns.axes_style("ticks"), sns.plotting_context("paper"), matplotlib.rc_context(_RC):
        yield


def figure(height: float, **layout: Any) -> Figure:
    """An empty figure of the page's width and `height` inches that lays itself out.

    Made without pyplot: no window system, and nothing that outlives the figure.
    """
    made = Figure(figsize=(WIDTH, height), layout="constrained")
    made.set_layout_engine("constrained", **{"w_pad": 0.04, "h_pad": 0.04} | layout)
    return made


def notice(text: str) -> Figure:
    """A figure that says why there is nothing to see."""
    made = figure(1.0)
    made.text(0.5, 0.5, "\n".join(textwrap.wrap(text, 90)), ha="center", va="center", color=MUTED)
    return made


def wrapped(text: str, width: int) -> str:
    """Text in lines of at most `width` characters."""
    return "\n".join(textwrap.wrap(text, width))


def plain_log(axis: Any) -> None:
    """Ticks of a logarithmic axis as plain numbers (5, 20, 100), which read well over short ranges."""
    axis.set_major_locator(ticker.LogLocator(subs=(1.0, 2.0, 5.0), numticks=7))
    axis.set_major_formatter(ticker.StrMethodFormatter("{x:g}"))
    axis.set_minor_formatter(ticker.NullFormatter())


def log(axis: Any, plain: bool = True) -> None:
    """Make an axis logarithmic if everything drawn on it lies above 0; leave it linear otherwise.

    Call it last: a score may be 0 or negative, or may not have been measured at all.

    Args:
        axis: an x or y axis, with all axes that share its scale.
        plain: whether its ticks are plain numbers, see `plain_log`.
    """
    side = axis.axis_name
    sharing = getattr(axis.axes, f"get_shared_{side}_axes")().get_siblings(axis.axes)
    lowest = min(getattr(axes.dataLim, f"{side}0") for axes in sharing)  # infinite where empty
    positive = bool(0 < lowest < np.inf)
    axis.axes.set(**{f"{side}scale": "log" if positive else "linear"})
    if positive and plain:
        plain_log(axis)


def say_what_is_empty(made: Figure) -> None:
    """Write "not measured" into every plot of a figure in which nothing is drawn."""
    for axes in made.axes:
        nothing = not np.isfinite(axes.dataLim.get_points()).any()
        if axes.axison and nothing and not axes.texts and not axes.child_axes:
            axes.text(0.5, 0.5, "not measured", ha="center", va="center", color=MUTED,
                      transform=axes.transAxes)  # fmt: skip


def sheet(images: NDArray[np.uint8], columns: int, levels: int = 16) -> NDArray[np.uint8]:
    """Images [n, C, H, W] as one picture [height, width, 4], row by row, with clear gaps between them.

    Values are rounded to `levels`, which no eye tells apart at this size: the file is half as large.
    """
    gap, top = 1, levels - 1
    n, channels, height, width = images.shape
    rows = -(-n // columns)
    page = np.zeros((rows * (height + gap) - gap, columns * (width + gap) - gap, 4), np.uint8)
    for i, image in enumerate(np.round(images / 255 * top) * (255 / top)):
        y, x = i // columns * (height + gap), i % columns * (width + gap)
        pixels = np.moveaxis(image, 0, -1).astype(np.uint8)
        page[y : y + height, x : x + width, :3] = pixels if channels == 3 else pixels[..., :1]
        page[y : y + height, x : x + width, 3] = 255
    return page


def show(axes: Axes, picture: NDArray[np.uint8]) -> None:
    """Draw a picture pixel for pixel, without axes."""
    axes.imshow(picture, interpolation="none")
    axes.set_axis_off()


def save(made: Figure, stem: Path, formats: Iterable[str] = ("svg", "png")) -> None:
    """Write `stem` in some `FORMATS` without dates or versions: equal figures are equal bytes."""
    _settle(made)
    for suffix in formats:
        buffer = io.BytesIO()
        made.savefig(buffer, format=suffix, dpi=DPI, metadata=dict.fromkeys(FORMATS[suffix]))
        with files.replacing(stem.with_suffix(f".{suffix}")) as aside:
            aside.write_bytes(buffer.getvalue())


def _settle(made: Figure) -> None:
    """Lay the figure out once and put its axes on a fine grid.

    The layout's solver orders its constraints by memory address, so positions differ in their last bits
    from run to run, and matplotlib hashes them into the ids of an SVG.
    """
    made.set_dpi(DPI)
    if made.axes and (engine := made.get_layout_engine()):
        for _ in range(2):  # tick labels can change with the first layout
            engine.execute(made)
    made.set_layout_engine(
        None
    )  # "none" would stand for one, for which each format draws everything twice
    for axes in made.axes:
        box = axes.get_position(original=True)
        left, bottom, width, height = (round(v, 4) for v in box.bounds)
        axes.set_position((left, bottom, width, height))
