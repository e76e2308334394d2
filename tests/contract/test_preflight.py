"""What can be known of a study is said before it starts, and what is advised helps."""

from __future__ import annotations

import copy
import os
import re
import subprocess
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
import yaml
from PIL import Image

from replication.claims import arms
from replication.cli import doctor, preflight
from replication.data import _base as data
from replication.data._shape import shape_of
from replication.metrics._base import Batch, Protocol, too_large
from replication.metrics._judge import compute, needs
from replication.plan import registry
from replication.plan.config import ConfigError, Evaluation
from replication.plan.fits import misfit
from replication.plan.params import load
from replication.plan.study import Study
from replication.training.build import make

ROOT = Path(__file__).parents[2]
PARAMS: dict[str, Any] = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
CODE = re.compile(r"`([^`]+)`")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def pixels(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


def smoke(dataset: str, evaluation: dict[str, Any] | None = None, **arm: Any) -> dict[str, Any]:
    """The smoke profile with one arm."""
    profile = copy.deepcopy(PARAMS["profiles"]["smoke"])
    profile["evaluation"] |= evaluation or {}
    profile["arms"] = [{"dataset": dataset, "net": "mlp", "methods": ["gan_ns"]} | arm]
    return PARAMS | {"profile": "smoke", "profiles": {"smoke": profile}}


def prepared(dataset: str, study: Study) -> data.Images:
    """A data set of a study, prepared and opened."""
    path = study.paths.dataset(dataset)
    data.prepare(dataset, study.config, path)
    return data.load(path)


def own(images: np.ndarray, labels: Any = None, **rest: Any) -> dict[str, Any]:
    """The smoke profile on images of the user's own."""
    arrays = {"images": images} | ({} if labels is None else {"labels": np.asarray(labels)})
    np.savez("x.npz", **arrays)
    return smoke("x", **rest) | {"own_data": {"x": "x.npz"}}


def test_a_paper_that_names_arms_which_no_profile_has_ends_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    line = "replication/papers/a/paper.yaml: A01-C1: no profile of params.yaml has an arm 'x/*'"
    monkeypatch.setattr(arms, "unknown", lambda profiles: iter([line]))
    one = smoke("ring", net="points")
    assert said(one) == []  # somebody's own study
    several = one["profiles"] | {"larger": one["profiles"]["smoke"]}
    assert said(one | {"profiles": several}) == [line]


def said(params: dict[str, Any]) -> list[str]:
    """Every fault that planning finds."""
    try:
        preflight.check(Study(params))
    except ConfigError as error:
        return str(error).splitlines()
    return []


def advised(params: dict[str, Any], code: str) -> dict[str, Any]:
    """The configuration with what a message advises: a piece of YAML, set where its key belongs."""
    changed = copy.deepcopy(params)
    profile = changed["profiles"]["smoke"]
    for key, value in yaml.safe_load(code).items():
        if key in Evaluation.model_fields:
            profile["evaluation"][key] = value
        elif isinstance(value, dict):
            merge(changed.setdefault(key, {}), value)
        else:
            profile["arms"][0][key] = value
    return changed


def merge(into: dict[str, Any], change: dict[str, Any]) -> None:
    for key, value in change.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        else:
            into[key] = value


def folder(count: int, side: int) -> dict[str, Any]:
    """The smoke profile on a folder of images, for a net that takes no such size."""
    Path("pictures").mkdir()
    for i, image in enumerate(pixels(count, side, side)):
        Image.fromarray(image).save(f"pictures/{i:03}.png")
    return smoke("x", net="dcgan_8") | {"own_data": {"x": "pictures"}}


def packed(**change: Any) -> dict[str, Any]:
    """The smoke profile with a variant of its own."""
    params = own(pixels(100, 16, 16), variants=["big"])
    return params | {"variants": {"big": {"why": "a test", "change": change}}}


LABELS = np.arange(100) % 2


def nets(takes: str, side: int | None = None) -> str:
    """The nets that take data of a kind, images of this side, as a remedy lists them; without one, of any size."""
    found = []
    for net in registry.ids("nets"):
        head = registry.metadata("nets", net)
        if takes in head["TAKES"] and ("SIDES" not in head or side in head["SIDES"]):
            found.append(f"`net: {net}`")
    return " or ".join([", ".join(found[:-1]), found[-1]])


#: A configuration, and the one line that planning says of it.
FAULTS: dict[str, tuple[Any, str]] = {
    "size": (
        lambda: own(pixels(100, 48, 48), net="dcgan_8"),
        "params.yaml: profiles.smoke.arms: x holds images of 48x48, and net dcgan_8 takes 28x28, 32x32 or 64x64; "
        f"choose another net: {nets('images', 48)}",
    ),
    "not square": (
        lambda: own(pixels(100, 3, 28, 32), net="dcgan"),
        "params.yaml: profiles.smoke.arms: x holds images of 28x32, and net dcgan takes 28x28, 32x32 or 64x64; "
        f"choose another net: {nets('images')}",
    ),
    "points net": (
        lambda: own(pixels(100, 28, 28), net="points"),
        "params.yaml: profiles.smoke.arms: x holds images, and net points takes points; "
        f"choose another net: {nets('images', 28)}",
    ),
    "points": (
        lambda: smoke("ring", net="dcgan"),
        "params.yaml: profiles.smoke.arms: ring holds points, and net dcgan takes images; "
        f"choose another net: {nets('points')}",
    ),
    "batch": (
        lambda: own(pixels(100, 16, 16)) | {"methods": {"gan_ns": {"batch": 81}}},
        "params.yaml: profiles.smoke.arms: x has 80 images to train on, and a batch of gan_ns 81; "
        "add images, or set `methods: {gan_ns: {batch: 80}}`",
    ),
    "batch of a variant": (
        lambda: packed(batch=128),
        "params.yaml: profiles.smoke.arms: x has 80 images to train on, and a batch of gan_ns 128; "
        "add images, or set `variants: {big: {change: {batch: 80}}}`",
    ),
    "splits": (
        lambda: smoke("mnist_5k", {"inception_splits": 300}),
        "params.yaml: profiles.smoke.evaluation: mnist_5k: 200 images against 1,000 held out are too few for "
        "`inception_splits: 300`; set `inception_splits: 200`",
    ),
    "splits of the reference": (
        lambda: own(pixels(100, 16, 16), LABELS, evaluation={"inception_splits": 81}),
        "params.yaml: profiles.smoke.evaluation: x: 80 images against 20 held out are too few for "
        "`inception_splits: 81`; set `inception_splits: 80`",
    ),
    "neighbours": (
        lambda: own(pixels(100, 16, 16), LABELS, evaluation={"neighbours": 20}),
        "params.yaml: profiles.smoke.evaluation: x: 80 images against 20 held out are too few for "
        "`neighbours: 20`; set `neighbours: 19`",
    ),
    "few": (
        lambda: own(pixels(99, 16, 16)),
        "params.yaml: own_data.x: x.npz: 99 images; at least 100 different ones are needed",
    ),
    "small": (
        lambda: own(pixels(100, 7, 16)),
        "params.yaml: own_data.x: x.npz: images are 7x16; resize them so that each side has 8 pixels or more",
    ),
    "an array is not resized": (
        lambda: own(pixels(100, 16, 16)) | {"own_data": {"x": {"path": "x.npz", "resize": 32}}},
        "params.yaml: own_data.x: x.npz: resize and backdrop are for folders; leave them out here",
    ),
    "an empty folder": (
        lambda: (Path("none").mkdir(), smoke("x") | {"own_data": {"x": "none"}})[1],
        "params.yaml: own_data.x: none: no images (.png .jpg .jpeg .bmp .gif .webp .tif .tiff .pgm .ppm) in this "
        "folder or its sub-folders; put them there, one sub-folder per class or all in one",
    ),
    "absent": (
        lambda: smoke("x") | {"own_data": {"x": "y.npz"}},
        "params.yaml: own_data.x: y.npz: no such file or folder; correct the path (it starts at {here})",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_one_line_and_each_of_its_remedies_ends_it(name: str, place: Path) -> None:
    make, line = FAULTS[name]
    params = make()
    assert said(params) == [line.replace("{here}", str(place))]
    for code in CODE.findall(line.partition("; ")[2]):
        assert said(advised(params, code)) == [], code


def test_images_of_a_folder_may_be_resized_to_what_a_net_takes() -> None:
    params = folder(100, 48)
    (line,) = said(params)
    remedy = '`own_data: {x: {path: "pictures", resize: 32}}`'
    assert line.endswith(f"choose another net: {nets('images', 48)}, or {remedy}")
    for code in CODE.findall(line):
        assert said(advised(params, code)) == [], code
    (line,) = said(advised(params, "own_data: {x: {path: pictures, resize: 48}}"))
    assert "images of 48x48" in line


def test_a_method_that_a_net_has_no_part_for(monkeypatch: pytest.MonkeyPatch) -> None:
    heads = registry.literals

    def without(path: Path) -> dict[str, Any]:
        return heads(path) | ({"ROLES": ["generator", "critic"]} if path.stem == "mlp" else {})

    monkeypatch.setattr(registry, "literals", without)
    params = smoke("mnist_5k", methods="all")
    (line,) = said(params)
    assert line.startswith(
        "params.yaml: profiles.smoke.arms: method ebgan trains a critic that is an autoencoder, and net mlp has none; "
        "leave the method out, `methods: ["
    )
    for code in CODE.findall(line):
        assert said(advised(params, code)) == [], code


def test_protocols_of_few_images_are_said_and_can_be_set_for_all() -> None:
    params = own(pixels(100, 16, 16), LABELS)
    capped, singular = sorted(preflight.check(Study(params)), key=lambda line: "FID" in line)
    assert capped == (
        "params.yaml: profiles.smoke.evaluation: x has 80 images to train on and 20 held out, so it is scored with "
        "`samples: 80`, `transport_samples: 20`, `kid_subset_size: 20`; set these to score all data sets alike"
    )
    assert singular.endswith(
        "FID with lenet needs 65 held-out images or more, not 20; give 325 images"
    )
    for code in CODE.findall(capped):
        params = advised(params, code)
    assert preflight.check(Study(params)) == [singular]
    params["profiles"]["smoke"]["evaluation"]["samples"] = 60
    few = next(line for line in preflight.check(Study(params)) if "generated" in line)
    assert few.endswith("needs 65 generated images or more, not 60; set `samples: 65`")
    assert few not in preflight.check(Study(advised(params, CODE.findall(few)[0])))
    enough = own(pixels(325, 16, 16), np.arange(325) % 2)
    assert not any("FID" in line for line in preflight.check(Study(enough)))


@pytest.mark.parametrize("profile", PARAMS["profiles"])
def test_no_profile_of_the_project_gives_rise_to_doubt(profile: str) -> None:
    assert preflight.check(Study(PARAMS | {"profile": profile})) == []


def test_the_limits_of_a_protocol_are_where_metrics_end() -> None:
    """At the limit every metric of features is a number; one further, one of them is not, or fails."""
    real, fake = (torch.randn(n, 3, dtype=torch.float64) for n in (12, 9))
    sides = [Batch(x, x, x, train=real) for x in (real, fake)]
    at = {"samples": 9, "transport_samples": 9, "kid_subset_size": 9}
    values = {"inception_splits": 9, "neighbours": 8}
    assert not too_large(Evaluation(**at, **values), 9, 12)
    for metric in registry.ids("metrics"):
        if needs(metric) == "features":
            protocol = Protocol.of(Evaluation(**at, **values), 12)
            assert np.isfinite(compute(metric, *sides, protocol)), metric
    for field, metric in {"inception_splits": "inception_score", "neighbours": "precision"}.items():
        beyond = Evaluation(**at, **values | {field: values[field] + 1})
        assert len(too_large(beyond, 9, 12)) == 1
        try:
            found = compute(metric, *sides, Protocol.of(beyond, 12))
        except RuntimeError:
            continue
        assert not np.isfinite(found)


@pytest.mark.parametrize(
    "shape", [(100, 28, 30), (100, 28, 30, 1), (100, 3, 28, 30), (100, 28, 30, 3)]
)
def test_the_shape_of_an_npz_is_that_of_what_is_prepared(shape: tuple[int, ...]) -> None:
    study = Study(own(pixels(*shape), LABELS))
    known = shape_of("x", study.config)
    images = prepared("x", study)
    assert known is not None
    assert known == (images.shape, len(images.train), len(images.heldout), True)
    Path("x.npz").unlink()
    assert shape_of("x", study.config) == known


def test_no_pixel_is_read_to_know_a_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    study = Study(own(pixels(1000, 64, 64)))
    whole = Path("x.npz").read_bytes()
    # Each pixel is another one now, which the checksum of the archive would tell whoever reads them.
    Path("x.npz").write_bytes(whole[:3000] + bytes(1_000_000) + whole[1_003_000:])
    assert shape_of("x", study.config) == ((1, 64, 64), 800, 200, False)
    with pytest.raises(data.DataError, match="damaged"):
        prepared("x", study)


@pytest.mark.parametrize(
    "name", [n for n in registry.ids("data") if not registry.metadata("data", n)["DOWNLOADS"]]
)
def test_a_data_set_declares_its_shape_and_number(name: str) -> None:
    study = Study(PARAMS)
    images = prepared(name, study)
    labelled = images.heldout_labels is not None
    assert shape_of(name, study.config) == (
        images.shape,
        len(images.train),
        len(images.heldout),
        labelled,
    )


@pytest.mark.parametrize("net", registry.ids("nets"))
def test_a_net_declares_what_it_can_be_and_what_it_takes(net: str) -> None:
    module, head = registry.load("nets", net), registry.metadata("nets", net)
    assert head["ROLES"] == [
        role for role in ("generator", "critic", "autoencoder") if hasattr(module, role)
    ]
    shapes = {
        "points": [(1,), (2,), (5,)],
        "images": [(c, *side) for c in (1, 3) for side in sides(head)],
    }
    for kind in head["TAKES"]:
        dataset = {"points": "ring", "images": "mnist_5k"}[kind]
        run = next(iter(Study(smoke(dataset, net=net)).runs.values()))
        z, labels = torch.zeros(1, 3, head["SETTINGS"]["z_dim"]), torch.tensor([[0, 1, 2]])
        for shape in shapes[kind]:
            assert make(run, shape, "generator")(z, labels).shape == (1, 3, *shape)


def sides(head: dict[str, Any]) -> list[tuple[int, int]]:
    """Heights and widths that a net says it takes; of any size three."""
    return [(side, side) for side in head.get("SIDES", [])] or [(8, 8), (9, 31), (48, 48)]


def test_the_docs_say_which_net_takes_what() -> None:
    text = (ROOT / "docs" / "images.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", text, re.M)
    expected = []
    for net in registry.ids("nets"):
        head = registry.metadata("nets", net)
        takes = "images" in head["TAKES"]
        named = [f"{side}×{side}" for side in head.get("SIDES", [])]
        expected.append(
            (net, ", ".join(named) or ("any" if takes else "–"), ", ".join(head["TAKES"]))
        )
    assert [row for row in rows if row[0] in registry.ids("nets")] == expected


def test_the_table_of_nets_is_generated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from replication.report import readme

    table = f"{readme.NETS_START}\n{readme.nets()}\n{readme.NETS_END}"
    assert table in (ROOT / "docs" / "images.md").read_text()
    monkeypatch.setattr(readme, "results", lambda report: "all results")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / readme.README).write_text(f"{readme.START}\n{readme.END}\nThe end.")
    (tmp_path / readme.IMAGES).write_text(
        f"Nets.\n{readme.NETS_START}\nold\n{readme.NETS_END}\nThe end."
    )
    readme.update(cast(Any, None))
    assert readme.README.read_text() == f"{readme.START}\nall results\n{readme.END}\nThe end."
    assert readme.IMAGES.read_text() == f"Nets.\n{table}\nThe end."


def test_a_run_whose_net_does_not_fit_what_was_prepared_is_one_line() -> None:
    from replication.training.build import build_generator

    run = next(iter(Study(smoke("mnist_5k", net="dcgan_8")).runs.values()))
    assert misfit(run, (1, 28, 28)) == ""
    with pytest.raises(ConfigError, match="images of 48x48, and net dcgan_8 takes 28x28"):
        build_generator(run, (1, 48, 48))


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"own_data": {"MNIST": "x"}}, "own_data.MNIST: a built-in data set has this name"),
        ({"own_data": {"cats": "x", "Cats": "y"}}, "own_data.Cats: its files and those of 'cats' coincide"),
        ({"own_data": {"cats_heldout": "x"}}, "own_data.cats_heldout: _heldout at the end marks scores"),
        ({"nets": {"mlp": {"net": "dcgan"}}}, "nets.mlp: a built-in net has this name"),
        ({"nets": {"a": {"net": "mlp"}, "A": {"net": "mlp"}}}, "nets.A: its files and those of 'a' coincide"),
        ({"variants": {"paper": {"why": "", "change": {}}}}, "variants.paper: the unchanged recipe has this name"),
    ],
)  # fmt: skip
def test_names_that_clash(change: dict[str, Any], line: str) -> None:
    with pytest.raises(ConfigError) as error:
        load(smoke("mnist_5k") | change)
    (fault,) = str(error.value).splitlines()
    assert fault.startswith(f"params.yaml: {line}")
    assert fault.endswith("; choose another")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_a_file_that_is_not_utf_8_and_the_command_that_converts_it(encoding: str) -> None:
    text = yaml.safe_dump(smoke("mnist_5k"))
    Path("params.yaml").write_bytes(f"# first\n# für\n{text}".encode(encoding))
    with pytest.raises(ConfigError) as error:
        load()
    line, _, command = str(error.value).partition("; convert it: ")
    assert re.fullmatch(r"params.yaml: line [12] is not UTF-8", line)
    subprocess.run(command, shell=True, check=True)
    assert load() == load(smoke("mnist_5k"))


def test_a_file_in_the_way_of_results_and_the_command_that_moves_it(place: Path) -> None:
    (place / "a b").mkdir()
    os.chdir(place / "a b")
    Path("results").write_text("")
    (line,) = said(smoke("mnist_5k"))
    subprocess.run(line.partition("away: ")[2], shell=True, check=True)
    assert said(smoke("mnist_5k")) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_cannot_be_written_and_the_command_that_allows_it() -> None:
    Path("results").mkdir(mode=0o555)
    (line,) = said(smoke("mnist_5k"))
    subprocess.run(line.partition("allow it: ")[2], shell=True, check=True)
    assert said(smoke("mnist_5k")) == []


def test_doctor_says_what_a_start_of_the_workflow_says() -> None:
    params = own(pixels(100, 48, 48), net="dcgan_8")
    Path("params.yaml").write_text(yaml.safe_dump(params))
    (line,) = said(params)
    assert doctor.Finding("problem", line) in list(doctor.examine())
    params = own(pixels(100, 16, 16), LABELS)
    Path("params.yaml").write_text(yaml.safe_dump(params))
    notes = [finding.what for finding in doctor.examine() if finding.state == "note"]
    assert set(preflight.check(Study(params))) <= set(notes)


def test_a_disk_that_may_be_too_small_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    study = Study(smoke("mnist_5k"))
    # 2 seeds, 3 checkpoints, 4.5 MB, twice.
    _, needed = preflight.room(study)
    assert needed == 54e6
    preflight.announce(study)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(preflight, "room", lambda study: (1e6, needed))
    preflight.announce(study)
    assert capsys.readouterr().err == "976.6 KiB free, up to 51.5 MiB needed: make room\n"


def test_the_prepared_file_stands_for_images_that_are_gone() -> None:
    params = own(pixels(100, 16, 16))
    prepared("x", Study(params))
    Path("x.npz").unlink()
    assert said(params) == []
    Study(params).paths.dataset("x").unlink()
    assert len(said(params)) == 1
