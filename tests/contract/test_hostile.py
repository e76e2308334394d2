"""Files from elsewhere: whatever they hold, nothing of it is run, and what cannot be used ends in one line."""

from __future__ import annotations

import io
import itertools
import json
import math
import os
import pickle
import struct
import zipfile
import zlib
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from safetensors.torch import save as serialise

from replication.__main__ import main
from replication.analysis import folder
from replication.data import _claims, _own
from replication.data._checks import DataError, checked
from replication.jobs.files import ResultsError
from replication.plan.config import ConfigError, Run
from replication.plan.params import load
from replication.plan.paths import RESULTS
from replication.plan.study import Study
from replication.scoring import samples
from replication.scoring.sources import Saved
from replication.tensors import store
from replication.training.sampler import checkpoint_name

ROOT = Path(__file__).parents[2]
PARAMS: dict[str, Any] = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))

#: Each example gets a file of its own name, so one folder serves all.
fuzz = settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def one_line(action: Callable[[], Any], *kinds: type[Exception]) -> str:
    """What is said of a file that may be good: nothing, or one line of an expected kind; all else fails."""
    said = ""
    try:
        action()
    except kinds as error:
        said = str(error)
        complaint = "" if said.strip() and "\n" not in said else f"not one line: {said!r}"
    else:
        return ""
    assert not complaint
    return said


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """A good file with some bytes replaced, and perhaps cut."""
    content = bytearray(whole)
    for _ in range(draw(st.integers(0, 8))):
        content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
    return bytes(content[: draw(st.integers(0, len(content)) | st.just(len(content)))])


class Bomb:
    """Unpickled, it leaves a mark."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (Path("executed"),))


# ---------------------------------------------------------------- images in an .npz


def archive(**arrays: Any) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def member(header: str, body: bytes = b"", name: str = "images.npy") -> bytes:
    """An .npz of one array with a header of our own."""
    text = header.encode("latin1") + b"\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + body)
    return buffer.getvalue()


PIXELS = np.random.default_rng(0).integers(0, 256, (6, 9, 9, 3), dtype=np.uint8)
GOOD = archive(images=PIXELS, labels=np.arange(6) % 2)


def scored(path: Path) -> str:
    """What is said of images that are to be scored, by blocks."""

    def read() -> None:
        images = Saved(path)
        for start in range(0, len(images), 4):
            images[start : start + 4]

    return one_line(read, DataError)


def own_images(content: bytes) -> str:
    """What is said of an .npz, by those who ask in the order of the command line."""
    path = Path("own.npz")
    path.write_bytes(content)

    def read() -> None:
        _claims.check(path, "own")
        checked(_own.read(path, "own"), "own")

    said = one_line(read, DataError)
    scored(path)
    return said


@fuzz
@given(damaged(GOOD))
def test_a_damaged_archive(content: bytes) -> None:
    own_images(content)


@fuzz
@given(st.text(max_size=80) | st.builds(
    "{{'descr': {!r}, 'fortran_order': {}, 'shape': {}}}".format,
    st.sampled_from(["|u1", "<f8", "|O", "<U9999999", "|V0", "<M8[s]", "|S1", [("a", "|O")], "u1, O"]),
    st.booleans() | st.just("__import__('os').system('touch executed')"),
    st.lists(st.integers(-3, 2**70), max_size=5).map(tuple),
), st.binary(max_size=64))  # fmt: skip
def test_an_invented_header(header: str, body: bytes) -> None:
    if len(header) < 2**15:
        own_images(member(header.encode("latin1", "replace").decode("latin1"), body))
    assert not Path("executed").exists()


def test_a_good_archive_is_read() -> None:
    assert own_images(GOOD) == ""


@pytest.mark.parametrize("name", ["images", "labels"])
def test_pickled_objects_are_refused_unopened(name: str) -> None:
    arrays = {"images": PIXELS, "labels": np.arange(6) % 2}
    said = own_images(archive(**arrays | {name: np.array([Bomb()] * 6, dtype=object)}))
    assert "pickled Python objects, which can run code" in said
    Path("raw.npz").write_bytes(pickle.dumps(Bomb()))
    assert "not a whole .npz" in one_line(lambda: _own.read(Path("raw.npz"), "own"), DataError)
    assert not Path("executed").exists()


def test_an_array_that_claims_terabytes() -> None:
    assert "damaged" in own_images(
        member("{'descr': '|u1', 'fortran_order': False, 'shape': (1000000, 4096, 4096)}")
    )


def test_a_zip_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """64 MiB of zeros in 64 KiB, on a machine that has 256."""
    monkeypatch.setattr(_claims, "_memory", lambda: 2**28)
    header = "{'descr': '|u1', 'fortran_order': False, 'shape': (64, 1024, 1024)}"
    content = member(header, bytes(2**26))
    assert len(content) < 2**17
    assert own_images(content).startswith("own: unpacks to 64.0 MiB, and 32.0 MiB is what this")


def test_images_that_are_scored_may_be_many_but_not_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_claims, "_memory", lambda: 2**28)
    shapes = {(5000, 32, 32): "", (5, 1024, 1024): "100.0 MiB"}
    for shape, claim in shapes.items():
        header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}}}"
        Path("own.npz").write_bytes(member(header, b"\2" * math.prod(shape)))
        said = scored(Path("own.npz"))
        assert claim in said
        assert bool(said) == bool(claim)


def test_what_lies_behind_an_array_is_not_read() -> None:
    header = "{'descr': '|u1', 'fortran_order': False, 'shape': (6, 9, 9)}"
    Path("own.npz").write_bytes(member(header, bytes(2**26)))
    said = scored(Path("own.npz"))
    assert "no array of plain numbers (not as long as its header says)" in said, "when it is opened"


# ---------------------------------------------------------------- a folder of images


def png(width: int, height: int) -> bytes:
    """A picture that states its size, and has a few bytes of it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))  # fmt: skip

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


def picture(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(PIXELS[0]).save(buffer, kind)
    return buffer.getvalue()


def own_folder(**files: bytes) -> str:
    """What is said of a folder with these files, ``name_suffix``."""
    path = Path("folder")
    path.mkdir(exist_ok=True)
    for name, content in files.items():
        (path / name.replace("_", ".")).write_bytes(content)

    def read() -> None:
        _claims.check(path, "own")
        checked(_own.read(path, "own"), "own")

    said = one_line(read, DataError)
    scored(path)
    return said


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "kind",
    [
        "PNG",
        *(
            pytest.param(kind, marks=pytest.mark.slow)
            for kind in ("JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM")
        ),
    ],
)
def test_a_damaged_picture(kind: str) -> None:
    whole = picture(kind)
    assert own_folder(a_png=whole) == "", "whatever its name says"

    @fuzz
    @given(damaged(whole))
    def read(content: bytes) -> None:
        own_folder(a_png=content)

    read()


def test_a_picture_of_absurd_size() -> None:
    assert "a.png: unreadable (Image size" in own_folder(a_png=png(200_000, 200_000))


def test_many_pictures_that_are_too_much_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of a size that is let pass alone: 14 million pixels in a hundred bytes."""
    monkeypatch.setattr(_claims, "_memory", lambda: 2**29)
    assert "unpacks to" not in own_folder(a_png=png(4000, 3500))
    said = own_folder(a_png=png(4000, 3500), b_png=png(4000, 3500))
    assert said.startswith("own: unpacks to 80.1 MiB, and 64.0 MiB is what this machine's memory")


def test_a_picture_that_is_a_program_is_not_started() -> None:
    """Pillow gives PostScript to Ghostscript, whatever the file's name."""
    script = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n(executed) (w) file closefile\n"
    assert "a.png: unreadable (cannot identify image file" in own_folder(a_png=script)
    assert not Path("executed").exists()


def test_the_command_line_asks_before_it_reads(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_claims, "_memory", lambda: 2**13)
    monkeypatch.setattr(_own, "read", lambda *_: pytest.fail("the file was read"))
    Path("own.npz").write_bytes(GOOD)
    Path("params.yaml").write_text(yaml.safe_dump(PARAMS | {"own_data": {"own": "own.npz"}}))
    assert main(["data", "own"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("params.yaml: own_data.own: own.npz: unpacks to ")
    assert said.count("\n") == 1


# ---------------------------------------------------------------- checkpoints


SHAPE = (1, 28, 28)


def run() -> Run:
    return next(iter(Study(PARAMS | {"profile": "smoke", "device": "cpu"}).runs.values()))


def generator() -> dict[str, torch.Tensor]:
    """Tensors of the checkpoint of that run's first step."""
    from replication.training.build import build_generator

    return build_generator(run(), SHAPE).state_dict()


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A file of checkpoints."""
    path = tmp_path_factory.mktemp("packed") / "checkpoints.safetensors"
    tensors = store.prefixed(checkpoint_name(5), generator())
    store.save(path, tensors, {"shape": "1x28x28"})
    return path.read_bytes()


def sampled(content: bytes, **changes: Any) -> str:
    """What is said of checkpoints whose record names our run, with changes to it."""
    said = run().model_dump(mode="json") | changes
    Path("provenance.json").write_text(json.dumps({"run": said}))
    Path("checkpoints.safetensors").write_bytes(content)
    params = PARAMS | {"profile": "smoke", "device": "cpu"}
    params["profiles"]["smoke"]["evaluation"]["samples"] = 3
    real = samples.Prepared("mnist_5k", SHAPE, 5000, 1000, True)
    return one_line(
        lambda: samples.read("checkpoints.safetensors", real, load(params)),
        ResultsError,
        DataError,
    )


def test_good_checkpoints_are_read(packed: bytes) -> None:
    assert sampled(packed) == ""


@settings(fuzz, max_examples=60)
@given(data=st.data())
def test_damaged_checkpoints(packed: bytes, data: st.DataObject) -> None:
    """In their header, where damage is not just another number."""
    head = 8 + int.from_bytes(packed[:8], "little")
    changed = data.draw(damaged(packed[:head]))
    content = changed + packed[head:]
    assert (sampled(content) == "") == (content == packed)


def test_checkpoints_are_never_unpickled() -> None:
    buffer = io.BytesIO()
    torch.save({"net": Bomb()}, buffer)
    for content in (pickle.dumps(Bomb()), buffer.getvalue()):
        assert "not the whole checkpoints" in sampled(content)
    assert not Path("executed").exists()


@pytest.mark.parametrize("changes", [
    {"net": {"net": "mlp", "settings": {"z_dim": 10**9, "generator": [10**9, 10**9], "critic": [1],
                                        "generator_norm": "batch", "critic_norm": "none"}}},
    {"net": {"net": "mlp", "settings": {"z_dim": "a", "generator": [2]}}},
    {"net": {"net": "mlp", "settings": {}}},
    {"net": {"net": "../methods/wgan_gp", "settings": {}}},
    {"net": {"net": "os", "settings": {}}},
    {"seeds": list(range(100_000))},
    {"seeds": []},
    {"steps": -1},
    {"recipe": None},
])  # fmt: skip
def test_a_record_of_another_net(
    packed: bytes, changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However large a net it names, none is built that the tensors do not fill."""
    monkeypatch.setattr(samples, "Sampler", lambda *_: pytest.fail("the net was built"))
    assert sampled(packed, **changes) != ""


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["run", "net"]), inner),
)


@settings(fuzz, max_examples=60)
@given(JSON)
def test_an_invented_record(packed: bytes, value: Any) -> None:
    Path("checkpoints.safetensors").write_bytes(packed)
    Path("provenance.json").write_text(json.dumps(value))
    said = one_line(lambda: samples._run(Path("checkpoints.safetensors")), ResultsError)
    assert "missing or damaged" in said


def test_records_nested_without_end() -> None:
    Path("provenance.json").write_text('{"run": ' + "[" * 100_000)
    assert "damaged" in one_line(
        lambda: samples._run(Path("checkpoints.safetensors")), ResultsError
    )


def test_wrong_tensors_under_right_names() -> None:
    content = serialise({"step000005/0.weight": torch.zeros(3)}, {"header": '{"shape": "1x28x28"}'})
    assert "not the whole checkpoints" in sampled(content)


# ---------------------------------------------------------------- params.yaml


def lines(action: Callable[[], Any]) -> str:
    """What is said of a configuration: a line for each fault."""
    said = ""
    try:
        action()
    except ConfigError as error:
        said = str(error)
    assert all(line.strip() and len(line) < 2000 for line in said.split("\n")) or not said
    return said


def configured(text: str | bytes) -> str:
    """What is said of a params.yaml."""
    path = Path("params.yaml")
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))

    return lines(lambda: Study(path).arms)


TEXT = (ROOT / "params.yaml").read_bytes()


@settings(fuzz, max_examples=60)
@given(damaged(TEXT))
def test_a_damaged_configuration(text: bytes) -> None:
    configured(text)


ODD = (0, -1, 2**63, 10**30, 1e308, "", "../../x", "/etc/x", ".", "..", "a/b", "\n")
OTHER = (
    st.none() | st.integers() | st.sampled_from(ODD) | st.text(max_size=9) | st.floats()
    | st.lists(st.integers(), max_size=3)
)  # fmt: skip


@settings(fuzz, max_examples=100)
@given(st.data())
def test_a_configuration_with_other_values(data: st.DataObject) -> None:
    """One value, anywhere, is another: no more than a line for each fault, and no path leaves the results."""
    params = json.loads(json.dumps(PARAMS | {"profile": "smoke"}))
    params["profiles"] = {"smoke": params["profiles"]["smoke"]}
    at: Any = params
    while True:
        key = data.draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        if not (isinstance(at[key], dict | list) and at[key]) or data.draw(st.booleans()):
            break
        at = at[key]
    at[key] = data.draw(OTHER)
    paths: list[Path] = []

    def read() -> None:
        study = Study(params)
        paths.extend(map(study.paths.run, study.runs))
        paths.extend(map(study.paths.arm, study.arms))
        paths.extend(map(study.paths.dataset, study.config.own_data))

    lines(read)
    root = Path.cwd() / RESULTS
    assert all(Path(os.path.normpath(Path.cwd() / path)).is_relative_to(root) for path in paths)


@pytest.mark.parametrize("text", [
    b"\xff\xfe\x00",
    b"!!python/object/apply:os.system ['touch executed']",
    b"profile: !!python/name:os.system",
    b"profile: 2001-99-99",
    b"threads: " + b"9" * 5000,
    b"[" * 100_000,
    b"a: &a [*a]",
    b"a: &a {b: *a}",
    b"? {a: b}\n: c",
    b"",
    b"- 1",
], ids=itertools.count())  # fmt: skip
def test_yaml_that_is_more_than_values(text: bytes) -> None:
    said = configured(text)
    assert said.startswith("params.yaml: ")
    assert "\n" not in said
    assert not Path("executed").exists()


def test_aliases_of_aliases_are_not_written_out() -> None:
    """A kilobyte that stands for 10^30 values."""
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    for i in range(1, 30):
        lines.append(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]")
    assert configured("\n".join(lines)).startswith("params.yaml: more than 200,000 values")


@pytest.mark.parametrize("key", ["seeds", "logs", "checkpoints"])
def test_a_number_that_would_fill_the_memory(key: str) -> None:
    params = PARAMS | {"profile": "smoke"}
    params["profiles"] = PARAMS["profiles"] | {"smoke": PARAMS["profiles"]["smoke"] | {key: 10**11}}
    with pytest.raises(ConfigError, match=rf"^params.yaml: profiles.smoke.{key}: .*\b100000\b"):
        Study(params)


# ---------------------------------------------------------------- results of others


@pytest.fixture(scope="module")
def results() -> dict[str, bytes]:
    """The five files of a results folder that `diff` reads."""
    arm = {"dataset": ["d"], "net": ["n"], "method": ["m"], "variant": ["paper"]}
    ends = {"ci_low": [0.5], "ci_high": [1.5], "n_seeds": [6]}
    frames = {
        "summary.csv": arm | {"metric": ["fid"], "mean": [1.0]} | ends | {"n_diverged": [0]},
        "tracking.csv": arm | {"estimate": ["w"], "quality": ["fid"], "spearman": [0.5]} | ends,
        "runs.csv": arm | {"seed": [0], "state": ["finished"]},
        "quality.parquet": arm | {"seed": [0], "step": [5], "metric": ["fid"], "value": [1.0]},
    }
    files = {}
    for name, columns in frames.items():
        frame = pd.DataFrame(columns)
        files[name] = (
            frame.to_csv(index=False).encode() if name.endswith("csv") else frame.to_parquet()
        )
    claims = [{"id": "A", "verdict": "replicated", "effect": 1.0, "profile": "laptop"}]
    return files | {"claims.json": json.dumps(claims).encode()}


def read_folder(files: dict[str, bytes]) -> str:
    for name, content in files.items():
        Path(name).write_bytes(content)
    return one_line(lambda: folder.read(Path()), ResultsError)


def test_a_good_results_folder_is_read(results: dict[str, bytes]) -> None:
    assert read_folder(results) == ""


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "name", ["summary.csv", "tracking.csv", "runs.csv", "quality.parquet", "claims.json"]
)
def test_a_damaged_results_file(results: dict[str, bytes], name: str) -> None:
    @fuzz
    @given(damaged(results[name]))
    def read(content: bytes) -> None:
        read_folder(results | {name: content})

    read()


def test_a_short_file_with_too_many_rows(results: dict[str, bytes]) -> None:
    rows = pa.table({"seed": pa.array(np.zeros(6 * 10**7, dtype=np.int8))})
    buffer = io.BytesIO()
    pq.write_table(rows, buffer)
    assert len(buffer.getvalue()) < 10**6
    said = read_folder(results | {"quality.parquet": buffer.getvalue()})
    assert "60,000,000 rows" in said


def test_a_long_word_that_every_row_repeats(results: dict[str, bytes]) -> None:
    """A file holds it once; written out it is there in every row."""
    word = pa.DictionaryArray.from_arrays(np.zeros(20_000, dtype=np.int8), ["x" * 10**4])
    buffer = io.BytesIO()
    pq.write_table(pa.table({"metric": word}), buffer)
    assert len(buffer.getvalue()) < 10**5
    said = read_folder(results | {"quality.parquet": buffer.getvalue()})
    assert "a word of 10,000 characters" in said


def test_words_in_a_figure_stay_words(workplace: Path) -> None:
    """Figures stand in the pages as they are, so what is written in them must be text there too."""
    from matplotlib.figure import Figure

    from replication.figures import style
    from replication.report.inline import inline

    evil = "</text></svg><script>alert(1)</script><a href='javascript:x' onload=\"y\">"
    with style.applied():
        figure = Figure()
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], label=evil)
        axes.set_title(evil)
        axes.legend()
        figure.savefig("figure.svg", metadata={"Title": evil})
    page = inline(Path("figure.svg").read_text(encoding="utf-8"), "x", evil)
    seen = set()
    reader = HTMLParser()
    reader.handle_starttag = lambda tag, attributes: seen.update(  # type: ignore[method-assign]
        {tag, *(name for name, _ in attributes)}
    )
    reader.feed(page)
    assert "svg" in seen
    assert not {"script", "a", "onload", "href"} & seen
