"""A folder of own images that changes is prepared again; training follows only where the prepared images are others."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import yaml
from PIL import Image
from workspace import JOB, Workspace

from replication.plan.paths import RUN_FILES

pytestmark = [pytest.mark.pipeline, pytest.mark.xdist_group("own_images")]

RUN = "mine/mlp/gan_ns/paper/seed0"
TARGETS = tuple(f"results/smoke/runs/{RUN}/{name}" for name in RUN_FILES)
PREPARE, TRAIN = "Prepare mine", f"Train {RUN}"


def draw(folder: Path, *numbers: int) -> None:
    """Images of noise, each of its own."""
    folder.mkdir(exist_ok=True)
    for number in numbers:
        noise = np.random.default_rng(number).integers(0, 256, (16, 16), dtype=np.uint8)
        Image.fromarray(noise).save(folder / f"{number}.png")


def make(study: Workspace) -> list[str]:
    """The jobs that a start runs."""
    return sorted(JOB.findall(study.succeed("snakemake", "--cores", "1", "--", *TARGETS)))


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace in which 110 own images have been prepared and trained on."""
    study = Workspace(tmp_path_factory.mktemp("own"))
    params = yaml.safe_load((study.folder / "params.yaml").read_text(encoding="utf-8"))
    smoke = params["profiles"]["smoke"] | {"critic_steps": 4, "checkpoints": 2, "seeds": 1}
    smoke["arms"] = [{"dataset": "mine", "net": "mlp", "methods": ["gan_ns"]}]
    params |= {"own_data": {"mine": "set"}, "profiles": {"smoke": smoke}}
    (study.folder / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    draw(study.folder / "set", *range(110))
    assert make(study) == [PREPARE, TRAIN]
    return study


@pytest.fixture
def study(done: Workspace, tmp_path: Path) -> Workspace:
    return done.copied(tmp_path / "study")


@pytest.mark.slow
def test_equal_images_are_not_prepared_again(study: Workspace) -> None:
    for image in (study.folder / "set").iterdir():
        os.utime(image)
    assert study.plan("--", *TARGETS) == []
    assert make(study) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda images: (images / "7.png").write_bytes((images / "8.png").read_bytes()),
        pytest.param(lambda images: draw(images, *range(110, 120)), marks=pytest.mark.slow),
        pytest.param(lambda images: (images / "7.png").unlink(), marks=pytest.mark.slow),
    ],
)
def test_other_images_are_prepared_and_trained_on(study: Workspace, change) -> None:
    change(study.folder / "set")
    assert study.plan("--", *TARGETS) == [PREPARE, TRAIN]
    assert make(study) == [PREPARE, TRAIN]
    assert make(study) == []


@pytest.mark.slow
def test_the_same_images_in_other_files_are_prepared_and_not_trained_on(study: Workspace) -> None:
    images = study.folder / "set"
    (images / "7.png").rename(images / "seven.png")
    (images / "8.png").write_bytes((images / "8.png").read_bytes() + b"behind the image")
    (images / "note.txt").write_text("where they are from")
    assert PREPARE in study.plan("--", *TARGETS)
    assert make(study) == [PREPARE]
    assert make(study) == []


def test_images_that_became_unsuitable_stop_the_start_in_one_line(study: Workspace) -> None:
    for number in range(20):
        (study.folder / "set" / f"{number}.png").unlink()
    done = study.run("snakemake", "--cores", "1", "--", *TARGETS)
    assert done.returncode == 2
    said = done.stderr.splitlines()
    assert said[-1] == (
        "params.yaml: own_data.mine: set: 90 images; at least 100 different ones are needed"
    )
    assert "Traceback" not in done.stderr
