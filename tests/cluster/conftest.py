"""One cluster for all tests, and studies small enough for it."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from slurm import Cluster, NotStarted, Studies, missing
from workspace import Workspace


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A running cluster of one node with the partitions cpu, gpu and urgent."""
    if reason := missing():
        pytest.skip(reason)
    if importlib.util.find_spec("snakemake_executor_plugin_slurm") is None:
        pytest.skip("no Slurm executor: pip install -r requirements-cluster.lock")
    cluster = Cluster(tmp_path_factory.mktemp("slurm"))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in cluster.environment.items():
            patch.setenv(name, value)
        try:
            try:
                cluster.start()
            except NotStarted as reason:  # as in a container that may not do what they need
                pytest.skip(f"Slurm does not start on this machine: {reason}")
            yield cluster
        finally:
            cluster.stop()


@pytest.fixture(scope="session")
def studies(tmp_path_factory: pytest.TempPathFactory) -> Studies:
    """A factory of workspaces with their data sets prepared; arguments change the smoke profile."""
    prepared = Workspace(tmp_path_factory.mktemp("prepared"))
    prepared.succeed("snakemake", "--cores", "all", "data")

    def make(**changes: Any) -> Workspace:
        study = prepared.copied(tmp_path_factory.mktemp("study") / "study")
        path = study.folder / "params.yaml"
        params = yaml.safe_load(path.read_text(encoding="utf-8"))
        params["profiles"]["smoke"] |= changes
        path.write_text(yaml.safe_dump(params), encoding="utf-8")
        return study

    return make
