"""What is kept of samples comes back: images bit for bit, points as half floats."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from replication.evidence import pictures
from replication.jobs.files import ResultsError

SHEET, TABLE = Path("sheet.png"), Path("table.parquet")


def images(n: int, *shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (n, *shape), np.uint8)


# ---------------------------------------------------------------- images


@pytest.mark.parametrize("shape", [(1, 5, 7), (3, 5, 7), (1, 1, 1), (3, 28, 28)])
@pytest.mark.parametrize("counts", [(64, 16, 16), (1,), (3, 17, 2), (0, 5), (0,), ()])
@pytest.mark.parametrize("across", [16, 9, 1])
def test_images_come_back_bit_for_bit(
    shape: tuple[int, ...], counts: tuple[int, ...], across: int
) -> None:
    blocks = [
        ({"seed": i, "step": 10 * i}, images(n, *shape, seed=i)) for i, n in enumerate(counts)
    ]
    pictures.write_images(SHEET, shape, blocks, across)
    found = pictures.read_images(SHEET)
    assert [entry for entry, _ in found] == [
        entry | {"count": len(block)} for entry, block in blocks
    ]
    for (_, block), (_, back) in zip(blocks, found, strict=True):
        assert back.dtype == np.uint8
        assert back.shape == block.shape
        assert np.array_equal(back, block)


def test_a_sheet_is_a_picture_with_a_row_of_images_for_a_block() -> None:
    """Of two blocks, 3 and 1 images of 5x7 pixels, 2 in a row: three rows of images, black where there is none."""
    blocks = [({"seed": 0}, images(3, 1, 5, 7)), ({"seed": 1}, images(1, 1, 5, 7, seed=1))]
    pictures.write_images(SHEET, (1, 5, 7), blocks, across=2)
    with Image.open(SHEET) as picture:
        assert (picture.size, picture.mode) == ((14, 15), "L")
        pixels = np.asarray(picture)
    assert np.array_equal(pixels[:5, 7:], blocks[0][1][1, 0])
    assert np.array_equal(pixels[5:10, :7], blocks[0][1][2, 0])
    assert np.array_equal(pixels[10:, :7], blocks[1][1][0, 0])
    assert not pixels[5:, 7:].any()


def test_a_colour_sheet_is_in_colour() -> None:
    red = np.zeros((1, 3, 4, 4), np.uint8)
    red[:, 0] = 255
    pictures.write_images(SHEET, (3, 4, 4), [({}, red)], across=1)
    with Image.open(SHEET) as picture:
        assert picture.convert("RGB").getpixel((2, 2)) == (255, 0, 0)


def refused(path: Path, *, table: bool = False) -> None:
    with pytest.raises(ResultsError) as error:
        pictures.read_points(path, "seed", "step") if table else pictures.read_images(path)
    assert str(error.value).startswith(f"{path}: ")
    assert str(error.value).endswith("; take it from git again")
    assert "\n" not in str(error.value)


def test_a_missing_or_damaged_sheet_is_refused_in_one_line() -> None:
    refused(SHEET)
    blocks = [({"seed": 0, "step": 1}, images(20, 1, 5, 7))]
    pictures.write_images(SHEET, (1, 5, 7), blocks)
    whole = SHEET.read_bytes()
    for end in (0, 5, 40, len(whole) // 2, len(whole) - 40):
        SHEET.write_bytes(whole[:end])
        refused(SHEET)
    noticed = 0
    for place in range(len(whole)):
        SHEET.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        try:
            ((_, found),) = pictures.read_images(SHEET)
        except ResultsError:
            noticed += 1
        else:
            assert np.array_equal(found, blocks[0][1]), place
    assert noticed > 0.9 * len(whole)


SAID = {"shape": [1, 4, 4], "across": 2, "blocks": [{"seed": 0, "count": 2}]}


@pytest.mark.parametrize("said", [
    None, "", "{", "[]", "3", SAID | {"shape": [4, 4]}, SAID | {"shape": [3, 4, 4]}, SAID | {"across": 0},
    SAID | {"across": "2"}, SAID | {"blocks": [{"count": 3}]}, SAID | {"blocks": [{"seed": 0}]}, SAID | {"blocks": 3},
    {"across": 2},
])  # fmt: skip
def test_a_picture_whose_text_does_not_describe_it(said: object) -> None:
    text = PngInfo()
    if said is not None:
        text.add_text(pictures.TEXT, said if isinstance(said, str) else json.dumps(said))
    Image.fromarray(images(1, 4, 8)[0]).save(SHEET, pnginfo=text)
    refused(SHEET)


def test_that_text_alone_makes_a_sheet_of_a_picture() -> None:
    """So what is refused above is refused for its own fault."""
    text = PngInfo()
    text.add_text(pictures.TEXT, json.dumps(SAID))
    Image.fromarray(images(1, 4, 8)[0]).save(SHEET, pnginfo=text)
    ((entry, found),) = pictures.read_images(SHEET)
    assert entry == {"seed": 0, "count": 2}
    assert found.shape == (2, 1, 4, 4)


# ---------------------------------------------------------------- points


@pytest.mark.parametrize("d", [1, 2, 5])
def test_points_come_back_as_half_floats(d: int) -> None:
    rng = np.random.default_rng(0)
    blocks = {
        (seed, step): 10 * rng.normal(size=(n, d)).astype(np.float32)
        for seed, step, n in ((3, 10, 7), (3, 20, 1), (0, 10, 400))
    }
    pictures.write_points(TABLE, [({"seed": s, "step": t}, own) for (s, t), own in blocks.items()])
    found = pictures.read_points(TABLE, "seed", "step")
    assert list(found) == sorted(blocks)
    for key, own in blocks.items():
        assert found[key].dtype == np.float32
        assert np.array_equal(found[key], own.astype(np.float16).astype(np.float32))
        # Eleven bits: half of the last is 2^-11 of the number, at most.
        np.testing.assert_allclose(found[key], own, rtol=2**-11)


def test_points_that_are_not_finite_stay_so_and_huge_ones_become_so() -> None:
    odd = np.array([[np.nan, 1], [np.inf, -np.inf], [1e5, -7e4], [65504, 2**-24]], np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pictures.write_points(TABLE, [({"seed": 0, "step": 1}, odd)])
    (found,) = pictures.read_points(TABLE, "seed", "step").values()
    odd[2] = [np.inf, -np.inf]
    assert np.array_equal(found, odd, equal_nan=True)


def test_no_points_at_all_are_none() -> None:
    pictures.write_points(TABLE, [])
    assert pictures.read_points(TABLE, "seed", "step") == {}


def test_a_missing_or_damaged_table_is_refused_in_one_line() -> None:
    refused(TABLE, table=True)
    pictures.write_points(TABLE, [({"seed": 0}, np.eye(2))])
    refused(TABLE, table=True)  # it has no steps
    whole = TABLE.read_bytes()
    for content in (b"", b"PAR1", whole[:200], whole[:-9]):
        TABLE.write_bytes(content)
        refused(TABLE, table=True)
