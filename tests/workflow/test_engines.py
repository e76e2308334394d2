"""Snakemake and DVC share one set of results: after either has run, the other has nothing to do."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from ruamel.yaml import YAML
from workspace import JOB, ROOT, Workspace, smoke

from replication.jobs.fingerprint import closure
from replication.plan import registry

ARM = "mnist_5k/mlp/wgan_gp/paper"

pytestmark = [
    pytest.mark.pipeline,
    pytest.mark.xdist_group("pipeline"),
    pytest.mark.timeout(3600),
]


def test_after_snakemake_dvc_has_nothing_to_do(finished: Workspace) -> None:
    output = finished.succeed("dvc", "repro")
    assert JOB.findall(output) == []
    assert "Nothing to be done" in output  # each stage asks Snakemake once, and is then known
    assert "Data and pipelines are up to date" in finished.succeed("dvc", "repro")
    assert "Nothing to be done" in finished.succeed("snakemake", "--cores", "all", "all")


@pytest.mark.slow
def test_after_dvc_snakemake_has_nothing_to_do(finished: Workspace) -> None:
    finished.edit("params.yaml", "methods: {}", "methods: {lsgan: {critic_lr: 0.0005}}")
    output = finished.succeed("dvc", "repro")
    trained = [job for job in JOB.findall(output) if job.startswith("Train ")]
    assert len(trained) == sum(run.method == "lsgan" for run in smoke().runs.values())
    assert all("/lsgan/" in job for job in trained)
    assert "Nothing to be done" in finished.succeed("snakemake", "--cores", "all", "all")
    assert "Data and pipelines are up to date" in finished.succeed("dvc", "repro")


def test_dvc_shows_metrics_parameters_and_plots(finished: Workspace) -> None:
    finished.succeed("dvc", "repro")
    table = finished.succeed("dvc", "metrics", "show")
    for method in registry.ids("methods"):
        assert f"results/smoke/scores/mnist_5k/mlp/{method}/paper.json" in table
    assert "fid_lenet_mnist_5k" in table

    plots = json.loads(finished.run("dvc", "plots", "show", "--json").stdout)
    (quality,) = plots["data"]["quality"]
    assert {point["arm"].split("/")[2] for point in quality["content"]["data"]["values"]} == set(
        registry.ids("methods")
    )
    finished.succeed("dvc", "plots", "show")
    assert (finished.folder / "dvc_plots" / "index.html").exists()

    with finished.edited("params.yaml", "critic_steps: 60", "critic_steps: 70"):
        difference = json.loads(finished.run("dvc", "params", "diff", "--json").stdout)
    change = difference["params.yaml"]["profiles.smoke.critic_steps"]
    assert (change["old"], change["new"]) == (60, 70)


def test_results_are_kept_by_git_or_by_dvc_but_never_both(finished: Workspace) -> None:
    finished.succeed("dvc", "repro")
    kept = finished.succeed(
        "git", "status", "--porcelain", "--untracked-files=all", "results", "reports"
    )
    names = [line[3:] for line in kept.splitlines()]
    assert "results/smoke/summary.csv" in names
    assert f"results/smoke/evidence/arms/{ARM}/arm.json" in names
    assert "reports/index.html" in names
    assert not [
        n for n in names if re.match(r"results/smoke/(data|runs|features|logs|scratch)/", n)
    ]


def test_both_engines_read_the_same_configuration() -> None:
    """YAML 1.1, which Snakemake reads, and YAML 1.2, which DVC reads, differ in numbers and words."""
    text = (ROOT / "params.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(text) == YAML(typ="safe").load(text)


@pytest.mark.parametrize(
    ("stage", "starts"),
    [
        ("data", ["data/_base", *(f"data/{name}" for name in registry.ids("data"))]),
        (
            "runs",
            [
                "training/loop",
                *(module for run in smoke().runs.values() for module in run.code),
                *(f"losses/{name}" for name in registry.ids("losses")),
                *(f"techniques/{name}" for name in registry.ids("techniques")),
            ],
        ),
        ("experiments", [f"experiments/{name}" for name in registry.ids("experiments")]),
        (
            "metrics",
            ["evidence/evaluate", "evidence/reference", "analysis/collect", "analysis/dvc_metrics"],
        ),
        ("report", ["report/build", *map(registry.panel_module, registry.panels())]),
    ],
)
def test_a_stage_of_dvc_depends_on_all_the_code_behind_its_target(
    stage: str, starts: list[str]
) -> None:
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    declared = tuple(stages[stage]["deps"])
    for module in closure(*starts):
        assert f"replication/{module}.py".startswith(declared), module
