"""Where experiments that look at images find them."""

from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest
import yaml

from replication.data import _base as data
from replication.features import lenet
from replication.plan.config import Config

PARAMS = Path(__file__).parents[2] / "params.yaml"


@pytest.fixture(scope="session")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the prepared digits and a classifier of one epoch."""
    folder = tmp_path_factory.mktemp("digits")
    with chdir(folder):
        data.prepare("mnist_5k", Config(**yaml.safe_load(PARAMS.read_text())))
        lenet.train("mnist_5k", epochs=1, threads=1)
    return folder


@pytest.fixture(autouse=True)
def beside_the_digits(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run a test that measures such an experiment in that folder."""
    experiment = getattr(request.node, "callspec", None)
    if "digits" not in request.fixturenames and not (
        experiment and wants_images(experiment.params.get("experiment"))
    ):
        yield
        return
    with chdir(request.getfixturevalue("digits")):
        yield


def wants_images(experiment: str | None) -> bool:
    """Whether the experiment's file names a data set."""
    from replication.plan import registry

    return experiment in registry.ids("experiments") and "DATASET" in registry.metadata(
        "experiments", str(experiment)
    )
