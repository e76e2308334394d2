"""`replication track`."""

from __future__ import annotations

from pathlib import Path

OPTIONS = {
    "estimate": "column of the signal: a distance, which should fall as samples get better",
    "quality": "column of the quality, such as fid; of an arm of this project also a metric's short name",
    "step": "column of the training step",
    "seed": "column of the seed; without one every log is a seed",
    "lower_is_better": "less of the quality is better",
    "higher_is_better": "more of the quality is better",
    "negate": "the estimate rises as samples get better, as a discriminator's loss does: negate it",
}


def track(
    logs: list[str],
    *,
    estimate: str | None = None,
    quality: str | None = None,
    step: str | None = None,
    seed: str | None = None,
    lower_is_better: bool = False,
    higher_is_better: bool = False,
    negate: bool = False,
) -> None:
    """Say whether a training signal of your own can be read as progress, beyond what a clock says.

    LOGS are CSV files, JSON lines, TensorBoard event files or their folders, one per seed, or folders of arms of this
    project's evidence. Columns are guessed by name where only one can be meant. Printed, and written to
    <name>.track.json and <name>.track.png in this folder, <name> being the first log's: the rank correlation of the
    estimate with quality, the same given the step and in the late phase, what is lost by choosing the checkpoint by
    the estimate, and this project's arms beside it. Example: replication track seed0.csv seed1.csv --quality fid
    """
    from replication.analysis.logs import LogError
    from replication.cli import track as tracking

    if lower_is_better and higher_is_better:
        raise LogError("--lower-is-better or --higher-is-better, not both")
    better = lower_is_better if lower_is_better or higher_is_better else None
    names = {"estimate": estimate, "quality": quality, "step": step, "seed": seed}
    answer = tracking.track(
        [Path(log) for log in logs], **names, lower_is_better=better, negate=negate
    )
    print(answer)
    for path in answer.write(Path(tracking.stem(Path(logs[0])))):
        print(f"written: {path}")
