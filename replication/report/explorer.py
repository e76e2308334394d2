"""What the explorer reads of an arm: a script with all of its curves and scores, seed by seed.

Pages that are opened from disk may load scripts, and no other files: so each arm's numbers are a call.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd

from replication.figures import names
from replication.figures.names import Arm
from replication.figures.results import Frames
from replication.report import pages
from replication.report.sheets import Sheet

#: The curves that the explorer has, in words.
CURVES = {
    "estimate_heldout": "estimate, held-out",
    "estimate_train": "estimate, training",
    "critic_loss": "critic loss",
    "generator_loss": "generator loss",
    "critic_grad_norm": "critic's gradient norm",
    "generator_grad_norm": "generator's gradient norm",
    "lipschitz": "Lipschitz estimate",
}

#: Numbers have so many digits.
DIGITS = 4


def script(frames: Frames, arm: Arm, sheet: Sheet) -> str:
    """The call.

    Args:
        frames: the results of a study.
        arm: one of its arms.
        sheet: what the arm's picture of samples shows.
    """
    name = "/".join(arm)
    page = pages.of_arm(frames.study.name, name)
    label, dataset = names.arm_label(arm, frames.arms), names.dataset_label(arm.dataset)
    curves, quality = names.rows_of(frames.curves, arm), names.rows_of(frames.quality, arm)
    series: dict[str, Any] = {}
    for column, title in CURVES.items():
        if column in curves and curves[column].notna().any():
            series[title] = _series(curves, column)
    for metric in sorted(quality["metric"].unique()):
        series[names.metric(metric).title] = _series(quality[quality["metric"] == metric], "value")
    clock = curves.groupby("step")["seconds"].mean()
    record = {
        "id": f"{frames.study.name}/{name}",
        "label": f"{label}; {dataset}; {frames.study.name}",
        "colour": names.colour(arm.method),
        "page": page,
        "sheet": {"file": pages.beside(page)[1], "steps": sheet.steps, "width": sheet.width, "height": sheet.height},
        "clock": [clock.index.tolist(), [_short(v) for v in clock]],
        "series": series,
    }  # fmt: skip
    return f"explorer.add({json.dumps(record, ensure_ascii=False, separators=(',', ':'))});\n"


def _series(table: pd.DataFrame, column: str) -> dict[str, Any]:
    wide = table.pivot(index="step", columns="seed", values=column)
    seeds = {str(seed): [_short(v) for v in wide[seed]] for seed in wide}
    return {"steps": wide.index.tolist(), "seeds": seeds}


def _short(value: float) -> float | None:
    """A number to `DIGITS` digits, whole where it can be; null where it is none."""
    if not np.isfinite(value):
        return None
    short = float(f"{value:.{DIGITS}g}")
    return int(short) if short == int(short) else short
