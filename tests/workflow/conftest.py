"""The smoke profile is run once for all tests that need its results."""

from __future__ import annotations

import pytest
from workspace import Workspace


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace in which nothing has run."""
    return Workspace(tmp_path_factory.mktemp("bare"))


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace in which Snakemake has made everything."""
    workspace = Workspace(tmp_path_factory.mktemp("finished"))
    workspace.succeed("snakemake", "--cores", "all", "all")
    return workspace
