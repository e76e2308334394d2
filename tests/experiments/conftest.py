"""Where experiments that look at images find them."""

from pathlib import Path

import pytest
import yaml

from replication.data import _base as data
from replication.features import lenet
from replication.plan.config import Config
from replication.plan.paths import Paths

PARAMS = Path(__file__).parents[2] / "params.yaml"


@pytest.fixture(scope="session")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    """A study's folder, with the prepared digits and a classifier of one epoch."""
    paths = Paths(tmp_path_factory.mktemp("digits"))
    config = Config(**yaml.safe_load(PARAMS.read_text()))
    data.prepare("mnist_5k", config, paths.dataset("mnist_5k"))
    lenet.train(paths, "mnist_5k", epochs=1, threads=1)
    return paths
