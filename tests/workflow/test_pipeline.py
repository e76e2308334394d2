"""The workflow re-makes what a change decides, and nothing else; it survives kills and damaged files."""

from __future__ import annotations

import html
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest
from safetensors.numpy import load_file
from workspace import JOB, Workspace, smoke

from replication.plan import registry
from replication.plan.paths import RUN_FILES
from replication.report import pages

pytestmark = [
    pytest.mark.pipeline,
    pytest.mark.xdist_group("pipeline"),
    pytest.mark.timeout(3600),
]

RUNS = smoke().runs
#: Of two seeds.
ARM = "mnist_5k/dcgan_8/wgan_gp/paper"
SUMMARY = "dataset,net,method,variant,metric,mean,ci_low,ci_high,n_seeds,n_diverged"
TRACKING = (
    "dataset,net,method,variant,estimate,quality,spearman,ci_low,ci_high,n_seeds,n_checkpoints"
)


def of(plan: list[str], verb: str) -> list[str]:
    """What the jobs of a plan whose messages start with a verb work on."""
    return [message.removeprefix(f"{verb} ") for message in plan if message.startswith(f"{verb} ")]


def runs_of(method: str) -> list[str]:
    return sorted(run.id for run in RUNS.values() if run.method == method)


def arms(runs: list[str]) -> list[str]:
    """The arms of some runs; an arm's runs are evaluated together."""
    return sorted({run.rpartition("/")[0] for run in runs})


def papers(panels: Iterable[str]) -> list[str]:
    """The papers of some panels; a paper's panels are drawn together."""
    return sorted({panel.partition("/")[0] for panel in panels})


def plain_runs_of(method: str) -> list[str]:
    """Those whose learning rate no variant sets."""
    return [run for run in runs_of(method) if RUNS[run].variant == "paper"]


def test_everything_is_there(finished: Workspace) -> None:
    results = finished.folder / "results" / "smoke"
    assert (results / "summary.csv").read_text().splitlines()[0] == SUMMARY
    assert (results / "tracking.csv").read_text().splitlines()[0] == TRACKING
    runs = pd.read_csv(results / "runs.csv").astype(str)
    arms = runs[["dataset", "net", "method", "variant"]].agg("/".join, axis=1)
    planned = [(run.arm, str(seed)) for run in RUNS.values() for seed in run.seeds]
    assert list(zip(arms, runs["seed"], strict=True)) == planned
    for experiment in smoke().experiments:
        assert (results / "evidence" / "experiments" / f"{experiment}.parquet").stat().st_size > 0
    assert set(runs["method"]) == set(registry.ids("methods"))
    for panel in registry.panels():
        for suffix in ("svg", "csv"):
            assert (
                finished.folder / "reports" / "figures" / "smoke" / f"{panel}.{suffix}"
            ).stat().st_size > 0
    for page in pages.outputs({"smoke": list(dict.fromkeys(arms))}):
        assert (finished.folder / page).stat().st_size > 0


def test_a_second_start_does_nothing_and_says_so(finished: Workspace) -> None:
    assert "Nothing to be done" in finished.succeed("snakemake", "--cores", "all", "all")
    targets = ("data", "runs", "metrics", "experiments", "panels", "verdicts", "report")
    assert finished.plan(*targets) == []


def test_a_touch_remakes_nothing(finished: Workspace, tmp_path: Path) -> None:
    study = finished.copied(tmp_path / "study")
    for path in sorted((study.folder / "results" / "smoke" / "data").iterdir()):
        path.touch()
    assert study.plan("all") == []


def test_a_copy_without_dates_remakes_nothing(finished: Workspace, tmp_path: Path) -> None:
    """As ``cp -r`` leaves it, whose order is any: here what was made first is copied last."""
    study = finished.copied(tmp_path / "study")
    everything = [path for path in study.folder.rglob("*") if path.is_file()]
    for path in sorted(everything, key=lambda path: path.stat().st_mtime_ns, reverse=True):
        path.touch()
    assert study.plan("all") == []
    assert "Nothing to be done" in study.succeed("snakemake", "--cores", "1", "all")


def test_a_clone_with_its_weights_pulled_makes_figures_and_pages_alone(
    finished: Workspace, tmp_path: Path
) -> None:
    """Of a figure git keeps png and csv: the other forms are drawn again."""
    origin = finished.copied(tmp_path / "origin")
    for command in (
        ("dvc", "remote", "add", "--default", "store", str(tmp_path / "store")),
        ("dvc", "commit", "--force"),
        ("dvc", "push"),
        ("git", "add", "--all"),
        ("git", "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "all"),
    ):
        origin.succeed(*command)
    origin.succeed("git", "clone", "--quiet", str(origin.folder), str(tmp_path / "clone"))
    clone = origin.at(tmp_path / "clone")
    clone.succeed("dvc", "pull")
    assert clone.plan("runs") == []
    plan = clone.plan("all")
    assert of(plan, "Draw") != []
    for verb in ("Prepare", "Train", "Evaluate", "Score", "Run"):
        assert of(plan, verb) == []


def test_snakemakes_own_report_has_figures_under_captions(finished: Workspace) -> None:
    """Rendered by Snakemake from each rule's marks; a caption that is no valid markup would say so in it."""
    finished.succeed("snakemake", "--report", "own.html")
    text = (finished.folder / "own.html").read_text(encoding="utf-8")
    assert "problematic" not in text
    for panel in registry.panels():
        head = registry.panel_metadata(panel)
        assert json.dumps(head["TITLE"])[1:-1] in text or html.escape(head["TITLE"]) in text
        words = max(re.findall(r"[A-Za-z ]+", head["CAPTION"]), key=len)  # no sign that is escaped
        assert words in text, panel
    assert "summary.csv" in text


def test_a_learning_rate_retrains_its_method_only(finished: Workspace) -> None:
    plan = finished.plan("--config", "methods={wgan_gp: {critic_lr: 0.0002}}")
    assert of(plan, "Train") == plain_runs_of("wgan_gp")
    assert of(plan, "Evaluate") == arms(plain_runs_of("wgan_gp"))
    assert of(plan, "Prepare") == []


def test_a_comment_or_docstring_remakes_nothing(finished: Workspace) -> None:
    loop = "replication/training/loop.py"
    with (
        finished.edited(loop, "from __future__", "# A remark.\nfrom __future__"),
        finished.edited(loop, '"""', '"""In other words: '),
    ):
        assert finished.plan() == []


def test_a_colour_redraws_and_retrains_nothing(finished: Workspace) -> None:
    colour = registry.metadata("methods", "wgan_gp")["COLOUR"]
    with finished.edited("replication/methods/wgan_gp.py", colour, "#123456"):
        plan = finished.plan()
    assert of(plan, "Draw") == [f"{paper} of smoke" for paper in papers(registry.panels())]
    assert of(plan, "Train") == of(plan, "Evaluate") == []


def test_a_new_method_trains_itself_and_nothing_else(finished: Workspace) -> None:
    folder = finished.folder / "replication" / "methods"
    new = folder / "gan_again.py"
    new.write_text((folder / "gan_ns.py").read_text())
    try:
        plan = finished.plan()
    finally:
        new.unlink()
    # The arms on images name no method: they take every one that there is.
    everywhere = [run for run in runs_of("gan_ns") if run.startswith("mnist_5k/mlp/")]
    new_runs = [run.replace("gan_ns", "gan_again") for run in everywhere]
    assert of(plan, "Train") == new_runs
    assert of(plan, "Evaluate") == arms(new_runs)


def test_another_extractor_evaluates_again_without_classifiers(finished: Workspace) -> None:
    plan = finished.plan("--config", "profiles={smoke: {evaluation: {extractor: inception}}}")
    assert not [message for message in plan if message.startswith("Train")]
    assert of(plan, "Evaluate") == arms(list(RUNS))


def test_damaged_checkpoints_are_noticed_and_remade(finished: Workspace) -> None:
    runs = finished.folder / "results" / "smoke" / "runs"
    damaged = {
        f"{ARM}/seed{seed}": runs / ARM / f"seed{seed}" / "checkpoints.safetensors"
        for seed in (0, 1)
    }
    whole = {run: path.read_bytes() for run, path in damaged.items()}
    (truncated, flipped), middle = damaged.values(), len(next(iter(whole.values()))) // 2
    truncated.write_bytes(truncated.read_bytes()[:middle])
    with flipped.open("r+b") as file:
        byte = file.seek(middle) and file.read(1)[0]
        file.seek(middle)
        file.write(bytes([byte ^ 1]))

    report = finished.run("snakemake", "--dry-run", "runs").stderr
    for run, path in damaged.items():
        assert f"{run}/checkpoints.safetensors: damaged" in report
        assert path.exists(), "a dry run deletes nothing"

    output = finished.succeed("snakemake", "--cores", "all", "runs")
    assert of(sorted(JOB.findall(output)), "Train") == sorted(damaged)
    for run, path in damaged.items():
        assert f"{run}/checkpoints.safetensors: damaged" in output
        assert path.read_bytes() == whole[run], "the same run again, bit for bit"
    finished.succeed("snakemake", "--cores", "all", "all")
    assert "Nothing to be done" in finished.succeed("snakemake", "--cores", "all", "all")


@pytest.mark.slow  # test_faults.py kills more, and in every run
def test_a_killed_training_is_resumed_and_ends_the_same(bare: Workspace) -> None:
    # Long enough to be hit between its first checkpoint and its end.
    budget = "profiles={smoke: {critic_steps: 800, checkpoints: 8}}"
    command = ["snakemake", "--cores", "1", "--config", budget, "--"]
    folder = bare.folder / "results" / "smoke" / "runs" / "mnist_5k/mlp/gan_ns/paper/seed0"
    command += [str((folder / name).relative_to(bare.folder)) for name in RUN_FILES]

    with subprocess.Popen(
        command,
        cwd=bare.folder,
        env=bare.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as snakemake:
        for step in _states(bare.folder / "results" / "smoke" / "scratch"):
            assert step, "no state was written"
            break
        os.kill(_trainer(snakemake.pid), signal.SIGKILL)
        snakemake.communicate()
    assert snakemake.returncode != 0
    assert not (folder / "checkpoints.safetensors").exists()

    bare.succeed(*command)
    resumed = _outcome(folder)
    (folder / "checkpoints.safetensors").unlink()
    bare.succeed(*command)
    undisturbed = _outcome(folder)
    for one, other in zip(resumed, undisturbed, strict=True):
        assert one.keys() == other.keys()
        assert all(np.array_equal(one[key], other[key], equal_nan=True) for key in one)


def _states(scratch: Path, patience: float = 120.0) -> Iterator[Path | None]:
    """The resume states in a scratch folder, as they appear; None when none has for too long."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        yield from scratch.glob("*/state.safetensors")
        time.sleep(0.005)
    yield None


def _trainer(parent: int) -> int:
    """The training process below a Snakemake process."""
    for child in psutil.Process(parent).children(recursive=True):
        if child.cmdline()[1:4] == ["-m", "replication", "train"]:
            return child.pid
    raise AssertionError("no training process")


def _outcome(folder: Path) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    curves = pd.read_parquet(folder / "curves.parquet").drop(columns="seconds")
    return load_file(folder / "checkpoints.safetensors"), {c: curves[c].to_numpy() for c in curves}
