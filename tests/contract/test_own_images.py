"""The user's own images: none is changed, dropped or misread without a line that says so."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from PIL import ExifTags, Image, ImageOps
from safetensors.numpy import load_file
from torchvision.utils import save_image

from replication.__main__ import main
from replication.data import _base, _claims, _sheet
from replication.data._base import DataError
from replication.jobs import checksums
from replication.plan.config import Config, ConfigError, Reading
from replication.plan.params import load
from replication.plan.paths import Paths
from replication.scoring.sources import Saved

ROOT = Path(__file__).parents[2]
PATHS = Paths.of("laptop")
RNG = np.random.default_rng(0)


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REPLICATION_CONFIG", raising=False)
    return tmp_path


def noise(count: int, *shape: int) -> np.ndarray:
    """Random uint8 images, all different."""
    return RNG.integers(0, 256, (count, *shape), dtype=np.uint8)


def photo(height: int, width: int) -> np.ndarray:
    """A smooth random field in colour, uint8 ``[H, W, 3]``."""
    coarse = Image.fromarray(RNG.integers(0, 256, (4, 4, 3), dtype=np.uint8))
    return np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC))


def put(images: Any, folder: str = "own", suffix: str = ".png", **options: Any) -> None:
    """Save arrays or Pillow's images into a folder, numbered."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    for i, image in enumerate(images):
        picture = Image.fromarray(image) if isinstance(image, np.ndarray) else image
        picture.save(Path(folder) / f"{i:03}{suffix}", **options)


def prepare(
    dataset: str, config: Config, tell: Callable[[str], object] = lambda line: None
) -> None:
    """Prepare a data set where the study keeps it."""
    _base.prepare(dataset, config, PATHS.dataset(dataset), tell)


def read(**options: Any) -> tuple[np.ndarray, list[str]]:
    """Images ``[N, C, H, W]`` of the folder ``own``, in no order, and the lines that are told."""
    lines: list[str] = []
    own = {"own": {"path": "own"} | options}
    prepare("own", Config(profile="laptop", profiles={}, own_data=own), lines.append)
    tensors = load_file(PATHS.dataset("own"))
    images = np.concatenate([tensors["train_images"], tensors["heldout_images"]])
    return images, [line.strip() for line in lines]


def refusal(action: Callable[[], Any]) -> str:
    with pytest.raises(DataError) as caught:
        action()
    message = str(caught.value)
    assert "\n" not in message
    return message


def rows(images: np.ndarray) -> list[bytes]:
    """Images in an order that depends on their pixels alone."""
    return sorted(image.tobytes() for image in images)


def converted(message: str, folder: str = "own") -> None:
    """Do to every file what the message advises."""
    (line,) = re.findall(r"Image(?:Ops)?\.\S*\(.*\.save\(f\)", message)
    for f in Path(folder).rglob("*.*"):
        eval(line, {"Image": Image, "ImageOps": ImageOps, "np": np, "f": f})


# ---------------------------------------------------------------- transparency


def test_opaque_alpha_is_dropped_and_counted() -> None:
    colour = noise(120, 9, 8, 3)
    put(np.concatenate([colour, np.full((120, 9, 8, 1), 255, np.uint8)], -1))
    images, lines = read()
    assert rows(images) == rows(colour.transpose(0, 3, 1, 2))
    assert "120 images: 120 RGBA" in lines
    assert "120 with alpha that is opaque everywhere: dropped" in lines


@pytest.mark.parametrize(("backdrop", "level"), [(None, 255), ("black", 0), ("#404040", 64)])
def test_transparent_pixels_show_the_stated_colour(backdrop: str | None, level: int) -> None:
    """Half-transparent 100 over c is 100 * 128/255 + c * 127/255, rounded."""
    pixels = np.concatenate([noise(120, 9, 8, 3), np.full((120, 9, 8, 1), 255, np.uint8)], -1)
    pixels[:, 0] = [7, 8, 9, 0]
    pixels[:, 1] = [100, 100, 100, 128]
    put(pixels)
    images, lines = read(**({"backdrop": backdrop} if backdrop else {}))
    assert (images[:, :, 0] == level).all()
    expected = (100 * 128 + level * 127) / 255
    assert np.abs(images[:, :, 1].astype(float) - expected).max() <= 1
    assert sorted(i[:, 2:].tobytes() for i in images) == rows(
        pixels[:, 2:, :, :3].transpose(0, 3, 1, 2)
    )
    assert f"120 with transparent pixels: laid on {backdrop or 'white'}" in lines


@pytest.mark.parametrize("channels", [2, 4])
def test_a_picture_under_alpha_0_is_refused_until_its_owner_says_what_is_meant(
    channels: int,
) -> None:
    hidden = noise(120, 9, 8, channels)
    hidden[..., -1] = 255
    hidden[:, 3:, :, -1] = 0
    put(hidden)
    message = refusal(read)
    assert "000.png: transparent pixels hide colours" in message
    images, lines = read(backdrop="white")
    assert (images[:, :, 3:] == 255).all()
    assert "120 with transparent pixels: laid on white" in lines
    converted(message)
    shown = hidden[..., :-1].transpose(0, 3, 1, 2)
    assert rows(read()[0]) == rows(shown)


def test_palette_with_a_transparent_colour_is_laid_on_white() -> None:
    index = RNG.integers(1, 4, (120, 9, 8), dtype=np.uint8)
    index[:, 0] = 0
    palette = [1, 2, 3, 255, 0, 0, 0, 255, 0, 0, 0, 255]
    pictures = [Image.fromarray(image, "P") for image in index]
    for picture in pictures:
        picture.putpalette(palette)
    put(pictures, transparency=0)
    images, lines = read()
    table = np.array(palette, np.uint8).reshape(4, 3)
    table[0] = 255
    assert rows(images) == rows(table[index].transpose(0, 3, 1, 2))
    assert "120 images: 120 palette" in lines


# ---------------------------------------------------------------- orientation


@pytest.mark.parametrize(("orientation", "turns"), [(6, -1), (8, 1), (3, 2)])
def test_images_are_turned_upright(orientation: int, turns: int) -> None:
    """Orientation 6: the camera was turned, and the picture is upright after a quarter turn clockwise."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    put([photo(10, 14) for _ in range(120)], suffix=".jpg", exif=exif)
    stored = [np.asarray(Image.open(f)) for f in sorted(Path("own").iterdir())]
    images, lines = read()
    expected = np.stack([np.rot90(image, turns) for image in stored]).transpose(0, 3, 1, 2)
    assert rows(images) == rows(expected)
    assert images.shape[2:] == ((14, 10) if turns % 2 else (10, 14))
    assert "120 turned upright by EXIF orientation" in lines


# ---------------------------------------------------------------- which files


def test_every_file_is_read_or_counted() -> None:
    put(noise(60, 9, 8), "own/birds")
    put(noise(40, 9, 8), "own/birds/more/and_more")
    put(noise(50, 9, 8, 3), "own/cats", suffix=".jpg")
    for file in list(Path("own/cats").iterdir())[:20]:
        file.rename(file.with_suffix(".jfif"))
    for file in list(Path("own/cats").glob("*.jpg"))[:3]:
        file.rename(file.with_suffix(""))
    (Path("own") / "empty").mkdir()
    (Path("own") / ".cache").mkdir()
    (Path("own/cats/.hidden.png")).write_text("no image")
    (Path("own/cats/notes.txt")).write_text("P5 no image")
    (Path("own/birds/Thumbs.db")).write_text("no image")
    (Path("own/birds/more/README")).write_text("no image")
    (Path("own/birds/more/round")).symlink_to(Path("own").resolve(), target_is_directory=True)
    (Path("own/cats/gone.png")).symlink_to("nowhere.png")
    _, lines = read()
    assert "150 images: 100 grey, 50 RGB" in lines
    assert "100 grey among coloured ones, read as colour" in lines
    assert "known by their content: 20 .jfif, 3 without suffix" in lines
    assert "40 from deeper folders, read with their sub-folder" in lines
    (passed,) = (line for line in lines if line.startswith("passed over: "))
    assert set(passed.removeprefix("passed over: ").split(", ")) == {
        "2 hidden",
        "1 .txt",
        "1 .db",
        "1 without suffix",
        "1 sub-folder without images",
        "1 broken link or special file",
        "1 link to a folder that is read already",
    }
    assert "2 classes, by sub-folder: birds (100), cats (50)" in lines
    tensors = load_file(PATHS.dataset("own"))
    labels = np.concatenate([tensors["train_labels"], tensors["heldout_labels"]])
    assert np.bincount(labels).tolist() == [100, 50]


def test_jpg_beside_jfif_are_all_read() -> None:
    put(noise(100, 9, 8, 3), suffix=".jpg")
    for file in list(Path("own").iterdir())[:50]:
        file.rename(file.with_suffix(".jfif"))
    images, lines = read()
    assert len(images) == 100
    assert "known by their content: 50 .jfif" in lines


def test_a_folder_in_a_circle_of_links_ends() -> None:
    put(noise(120, 9, 8), "own/all")
    (Path("own/all/again")).symlink_to(Path("own").resolve(), target_is_directory=True)
    images, lines = read()
    assert len(images) == 120
    assert "passed over: 1 link to a folder that is read already" in lines


def test_one_sub_folder_means_no_labels() -> None:
    put(noise(120, 9, 8), "own/all")
    _, lines = read()
    assert "no labels: all lie in one sub-folder, all (120)" in lines
    assert not [key for key in load_file(PATHS.dataset("own")) if "labels" in key]


def test_only_the_first_frame_is_read_and_that_is_said() -> None:
    images = noise(120, 9, 8)
    second = Image.fromarray(noise(1, 9, 8)[0])
    put(images, suffix=".gif", save_all=True, append_images=[second])
    found, lines = read()
    assert rows(found) == rows(images[:, None])
    assert "120 with several frames: the first is read" in lines


# ---------------------------------------------------------------- grey saved as colour


def forms_of_grey(images: np.ndarray) -> dict[str, list[Image.Image]]:
    greys = [Image.fromarray(image) for image in images]
    return {
        mode: [grey.convert(mode) for grey in greys] for mode in ("L", "RGB", "RGBA", "LA", "P")
    } | {"CMYK": [grey.convert("RGB").convert("CMYK") for grey in greys]}


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA", "P", "CMYK"])
def test_grey_in_any_mode_is_grey(mode: str) -> None:
    images = noise(120, 9, 8)
    suffix = ".tif" if mode == "CMYK" else ".png"
    put(forms_of_grey(images)[mode], suffix=suffix)
    found, lines = read()
    assert rows(found) == rows(images[:, None])
    said = "read as grey: red, green and blue are equal in every image" in lines
    assert said == (mode not in ("L", "LA"))
    np.savez("own.npz", images=images)
    given, stored = Saved(Path("own"), channels=1), Saved(Path("own.npz"), channels=1)
    assert torch.equal(given[0:120], stored[0:120])


def test_grey_by_torchvision_is_grey_and_one_coloured_image_makes_all_colour() -> None:
    Path("own").mkdir()
    levels = noise(120, 9, 8)
    for i, image in enumerate(torch.from_numpy(levels) / 255):
        save_image(image, f"own/{i:03}.png")
    assert rows(read()[0]) == rows(levels[:, None])
    put(noise(1, 9, 8, 3))
    images, lines = read()
    assert images.shape == (120, 3, 9, 8)
    assert "119 grey among coloured ones, read as colour" in lines


def test_an_array_of_equal_channels_is_grey() -> None:
    images = noise(120, 9, 8)
    np.savez("own.npz", images=images[..., None].repeat(3, -1))
    lines: list[str] = []
    own = Config(profile="laptop", profiles={}, own_data={"own": "own.npz"})
    prepare("own", own, lines.append)
    assert load_file(PATHS.dataset("own"))["train_images"].shape == (96, 1, 9, 8)
    assert "  read as grey: red, green and blue are equal in every image" in lines


def test_grey_samples_are_scored_against_colour_as_colour() -> None:
    images = noise(120, 9, 8)
    put(images)
    saved = Saved(Path("own"), channels=3)
    expected = torch.from_numpy(images)[:, None].repeat(1, 3, 1, 1) / 127.5 - 1
    torch.testing.assert_close(saved[0:120], expected)
    assert "grey, scored as colour with equal channels" in saved.notes


def test_colour_behind_grey_samples_is_noticed() -> None:
    images = noise(300, 9, 8)[..., None].repeat(3, -1)
    images[250] = noise(1, 9, 8, 3)
    np.savez("own.npz", images=images)
    message = refusal(lambda: Saved(Path("own.npz"), channels=1)[200:300])
    assert "colour images among grey ones" in message


# ---------------------------------------------------------------- more than 8 bits, and other colours


def test_more_than_8_bits_are_refused_with_the_line_that_converts() -> None:
    levels = noise(120, 9, 8)
    for scaled, suffix in (
        (levels.astype(np.uint16) * 257, ".png"),
        (levels.astype(np.float32) / 255, ".tif"),
    ):
        put(scaled, f"own{suffix}", suffix)
        Path(f"own{suffix}").rename("own")
        message = refusal(read)
        assert "more than 8 bits" in message
        converted(message)
        assert rows(read()[0]) == rows(levels[:, None])
        Path("own").rename(f"done{suffix}")


def png16(pixels: np.ndarray) -> bytes:
    """A PNG of 16 bits a channel, which Pillow reads but does not write; uint16 ``[H, W, 3]``."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    height, width, _ = pixels.shape
    body = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    head = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(body))
        + chunk(b"IEND", b"")
    )


def test_16_bit_colour_keeps_its_upper_8_and_that_is_said() -> None:
    deep = RNG.integers(0, 65536, (120, 9, 8, 3), dtype=np.uint16)
    Path("own").mkdir()
    for i, image in enumerate(deep):
        Path(f"own/{i:03}.png").write_bytes(png16(image))
    images, lines = read()
    assert rows(images) == rows((deep >> 8).astype(np.uint8).transpose(0, 3, 1, 2))
    assert "120 with 16 bits a channel: the upper 8 are read" in lines


def test_cmyk_is_converted_and_that_is_said() -> None:
    """Without black, ink is what is missing of the light: C = 255 - R."""
    colour = noise(120, 9, 8, 3)
    ink = np.concatenate([255 - colour, np.zeros((120, 9, 8, 1), np.uint8)], -1)
    put([Image.fromarray(image, "CMYK") for image in ink], suffix=".tif")
    images, lines = read()
    assert rows(images) == rows(colour.transpose(0, 3, 1, 2))
    assert "120 CMYK converted to RGB without a colour profile" in lines


# ---------------------------------------------------------------- sizes


def photos() -> None:
    """300 photos of all sorts: two sizes and seven ways to save them."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    Path("photos").mkdir()
    for i in range(300):
        picture = Image.fromarray(photo(*((40, 52) if i % 2 else (64, 48))))
        kind = "cmyk" if i == 0 else ("png", "rgba", "palette", "grey", "jpeg", "turned")[i % 6]
        path = f"photos/{i:03}"
        if kind == "png":
            picture.save(f"{path}.png")
        elif kind == "rgba":
            picture.convert("RGBA").save(f"{path}.png")
        elif kind == "palette":
            picture.convert("P", palette=Image.Palette.ADAPTIVE).save(f"{path}.png")
        elif kind == "grey":
            picture.convert("L").save(f"{path}.png")
        elif kind == "cmyk":
            picture.convert("CMYK").save(f"{path}.jpg")
        else:
            picture.save(f"{path}.jpg", exif=exif if kind == "turned" else b"")
    Path("photos/about.txt").write_text("where these come from")


def configure(**own: Any) -> None:
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    Path("params.yaml").write_text(yaml.safe_dump(params | {"own_data": own}))


def test_a_folder_of_photos_by_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Odd ones are 40x52, and of those every sixth is turned to 52x40: 50 of them."""
    photos()
    configure(cats="photos")
    assert main(["data", "cats"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "000.jpg is 64x48 but 001.png is 40x52; resize all: " in error
    assert not PATHS.dataset("cats").exists()
    assert not PATHS.sheet("cats").exists()

    advised = yaml.safe_load(re.search(r"\{.*?\}", error)[0])  # type: ignore[index]
    assert advised == {"path": "photos", "resize": 40}
    configure(cats=advised | {"resize": 32})
    assert main(["data", "cats"]) == 0
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == "params.yaml: own_data.cats: photos"
    assert lines[1] == "300 images: 149 RGB, 50 RGBA, 50 palette, 50 grey, 1 CMYK"
    assert lines[2] == "sizes: 150 of 64x48, 100 of 40x52, 50 of 52x40"
    assert "50 turned upright by EXIF orientation" in lines
    assert "50 with alpha that is opaque everywhere: dropped" in lines
    assert "1 CMYK converted to RGB without a colour profile" in lines
    assert "50 grey among coloured ones, read as colour" in lines
    assert "300 cut to a centred square and reduced to 32x32" in lines
    assert "passed over: 1 .txt" in lines
    assert lines[-2:] == [
        "240 to train on, 60 held out",
        "contact sheet: results/laptop/data/cats.png",
    ]
    assert load_file(PATHS.dataset("cats"))["train_images"].shape == (240, 3, 32, 32)
    record = checksums.read(PATHS.dataset("cats").with_suffix(".sha256"))
    assert list(record.files) == ["cats.safetensors", "cats.png"]


def test_resizing_takes_the_centre_and_averages() -> None:
    """48 wide and 16 high: the middle third is kept. Stripes of 200 and 0 become 100, and none survives."""
    wide = noise(120, 16, 48, 3)
    put(wide)
    images, _ = read(resize=16)
    assert rows(images) == rows(wide[:, :, 16:32].transpose(0, 3, 1, 2))
    stripes = np.zeros((120, 64, 64), np.uint8)
    stripes[:, :, ::2] = 200
    stripes[:, :16, :16] = 2 * np.arange(120)[:, None, None]
    put(stripes)
    images, _ = read(resize=8)
    inner = images[:, 0, 4:-1, 4:-1].astype(int)
    assert np.abs(inner - 100).max() <= 3


def test_enlarged_images_are_counted_apart() -> None:
    put([*noise(60, 10, 10), *noise(60, 20, 20)])
    _, lines = read(resize=16)
    assert "60 cut to a centred square and enlarged to 16x16" in lines
    assert "60 cut to a centred square and reduced to 16x16" in lines


def test_each_file_resized_as_advised_is_read() -> None:
    put([*noise(60, 10, 12, 3), *noise(60, 20, 16, 3)])
    converted(refusal(read))
    assert read()[0].shape == (120, 3, 10, 10)


def test_samples_are_read_as_the_data_set_is() -> None:
    put([photo(20, 30) for _ in range(120)])
    images, lines = read(resize=16)
    saved = Saved(Path("own"), Reading(resize=16), channels=3)
    levels = ((saved[0:120] + 1) * 127.5).round().to(torch.uint8).numpy()
    assert rows(levels) == rows(images)
    assert set(saved.notes) <= set(lines)
    assert "120 cut to a centred square and reduced to 16x16" in saved.notes


def test_resizing_lets_more_images_fit_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """100 of 30,000 bytes are 3 MB; of 16x16 they are 76,800 bytes and one at a time 30,000."""
    put(noise(100, 100, 100))
    monkeypatch.setattr(_claims, "_memory", lambda: 8 * 110_000)
    _claims.check(Path("own"), "own", Reading(resize=16))
    assert "unpacks to 2.9 MiB" in refusal(lambda: _claims.check(Path("own"), "own"))


@pytest.mark.parametrize(
    ("own", "line"),
    [
        ({"resize": 32}, "own_data.own.path: field required"),
        ({"path": "x", "resise": 32}, "own_data.own.resise: unknown key; did you mean 'resize'?"),
        ({"path": "x", "resize": 4}, "own_data.own.resize: input should be greater than or equal"),
        ({"path": "x", "backdrop": "pink"}, "own_data.own.backdrop: string should match"),
    ],
)
def test_wrong_options_are_one_line(own: dict[str, Any], line: str) -> None:
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    with pytest.raises(ConfigError) as caught:
        load(params | {"own_data": {"own": own}})
    assert str(caught.value).startswith(f"params.yaml: {line}")
    assert "\n" not in str(caught.value)


def test_options_of_a_folder_are_refused_for_an_array() -> None:
    np.savez("own.npz", images=noise(120, 9, 8))
    own = {"own": {"path": "own.npz", "resize": 8}}
    given = Config(profile="laptop", profiles={}, own_data=own)
    assert "resize and backdrop are for folders" in refusal(lambda: prepare("own", given))


# ---------------------------------------------------------------- advice on arrays


CLASSES = np.arange(150) % 3
LABELS = {
    "column": CLASSES[:, None],
    "words": np.array(["bee", "cat", "dog"])[CLASSES],
    "words in a column": np.array(["bee", "cat", "dog"])[CLASSES][:, None],
    "bytes": np.array([b"bee", b"cat", b"dog"])[CLASSES],
    "floats": CLASSES.astype(float),
    "fractions": CLASSES / 2,
    "one-hot": np.eye(3, dtype=int)[CLASSES],
    "one-hot floats": np.eye(3)[CLASSES],
    "masks": CLASSES > 0,
    "from one": CLASSES + 1,
}
LEVELS = noise(150, 9, 8)
IMAGES = {
    "unit": LEVELS / 255,
    "symmetric": LEVELS / 127.5 - 1,
    "levels": LEVELS.astype(float),
    "whole numbers": LEVELS.astype(np.int64),
    "masks": LEVELS > 127,
    "cast without scaling": (LEVELS > 127).astype(np.uint8),
}


@pytest.mark.parametrize(
    ("name", "given"), [*((f"labels, {k}", v) for k, v in LABELS.items()), *IMAGES.items()]
)
def test_the_advice_on_an_array_works(name: str, given: np.ndarray) -> None:
    """Followed as it is printed, until the file is read."""
    arrays = {"images": LEVELS, "labels": CLASSES}
    key = "labels" if name.startswith("labels") else "images"
    arrays[key] = given
    own = Config(profile="laptop", profiles={}, own_data={"own": "own.npz"})
    for _ in range(2):
        np.savez("own.npz", **arrays)
        message = refusal(lambda: prepare("own", own))
        arrays[key] = eval(message.rpartition(": ")[2], {"np": np, key: arrays[key]})
        np.savez("own.npz", **arrays)
        try:
            prepare("own", own)
            break
        except DataError:
            continue
    prepare("own", own)
    tensors = load_file(PATHS.dataset("own"))
    labels = np.concatenate([tensors["train_labels"], tensors["heldout_labels"]])
    halves = name == "labels, masks"
    assert np.bincount(labels).tolist() == ([50, 100] if halves else [50, 50, 50])
    if key == "images" and given.dtype != bool and given.max() != 1:
        images = np.concatenate([tensors["train_images"], tensors["heldout_images"]])
        assert rows(images) == rows(LEVELS[:, None])


# ---------------------------------------------------------------- the contact sheet


def test_a_sheet_has_a_row_for_each_class() -> None:
    """Class k is all of one level: its row shows that level, and white where it has no more images."""
    levels = np.array([10, 120, 230], np.uint8)
    labels = np.array([0] * 100 + [1] * 60 + [2] * 3)
    images = np.ones((163, 1, 32, 32), np.uint8) * levels[labels][:, None, None, None]
    chosen = _sheet.rows(labels, 163)
    assert [len(row) for row in chosen] == [21, 21, 3]
    picture = _sheet._grid(images, chosen)
    assert picture.shape == (3 * 66 + 2, 21 * 66 + 2, 3)
    for row, level in enumerate(levels):
        assert (picture[row * 66 + 34, 2 + 33] == level).all()
    assert (picture[2 * 66 + 34, 3 * 66 + 34] == 255).all()


def test_a_sheet_without_labels_spreads_over_the_set() -> None:
    chosen = np.concatenate(_sheet.rows(None, 1000))
    assert (len(chosen), chosen[0], chosen[-1]) == (64, 0, 999)
    assert np.ptp(np.diff(chosen)) <= 1
    assert [len(row) for row in _sheet.rows(None, 10)] == [8, 2]
    many = _sheet.rows(np.arange(500) % 100, 500)
    assert [len(row) for row in many] == [4] * 16


def test_sheets_of_images_and_points_are_pictures(capsys: pytest.CaptureFixture[str]) -> None:
    configure()
    for dataset in ("mnist_5k", "ring"):
        assert main(["data", dataset]) == 0
        first = PATHS.sheet(dataset).read_bytes()
        with Image.open(PATHS.sheet(dataset)) as picture:
            pixels = np.asarray(picture)
        assert 10 < pixels.mean() < 254.9
        assert main(["data", dataset]) == 0
        assert PATHS.sheet(dataset).read_bytes() == first
    assert "4,000 to train on, 1,000 held out" in capsys.readouterr().out
    # Eight modes on a circle: dark at the right edge's middle, and nothing in the centre.
    height, width = pixels.shape
    assert pixels[:, -width // 10 :].min() < 128
    assert (
        pixels[height // 2 - 40 : height // 2 + 40, width // 2 - 40 : width // 2 + 40] == 255
    ).all()
