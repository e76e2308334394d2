"""Pages of arms, what the explorer reads of them, their samples on a sheet, and all tables as one download."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import Built, Page
from PIL import Image
from test_page import check

from replication.claims.verdict import Verdict
from replication.report import download, pages, sheets

ARM = "mnist_5k/mlp/wgan_gp/hot"


def of_arm(built: Built) -> str:
    return pages.of_arm("tiny", ARM)


def test_an_arm_has_a_page_with_its_quality_recipe_commands_and_evidence(built: Built) -> None:
    text, page = built.read(of_arm(built)), Page(built.read(of_arm(built)))
    quality = next(t for t in page.tables if t[0][0] == "Metric")
    summary = built.table("summary.csv")
    own = summary[summary["variant"] == "hot"].set_index("metric")
    fid = next(row for row in quality if row[0].startswith("FID (LeNet)"))
    row = own.loc["fid_lenet_mnist_5k"]
    check(fid[1], row["mean"], row["ci_low"], row["ci_high"], 0.006 * row["mean"])
    assert fid[3] == str(int(row["n_seeds"]))
    assert len(quality) == 1 + len(own)
    assert "6 seeds; 1 of them failed" in text
    assert "Adam (β 0, 0.9), learning rate 0.001 (critic) and 0.0001 (generator)" in text
    assert f"results/tiny/evidence/arms/{ARM}/arm.json --config profile=tiny" in text
    for file in ("arm.json", "curves.parquet", "samples.png"):
        assert f'href="../../../results/tiny/evidence/arms/{ARM}/{file}"' in text


def test_samples_stand_by_checkpoint_each_a_tile_lower(built: Built) -> None:
    text = built.read(of_arm(built))
    run = next(run for run in built.study.runs.values() if run.arm == ARM)
    tiles = re.findall(r'aria-label="Samples at step (\d+)".*?height: (\d+)px.*?0 -(\d+)px', text)
    assert [int(step) for step, *_ in tiles] == list(run.checkpoints)
    assert [int(top) for *_, top in tiles] == [i * int(tiles[0][1]) for i in range(len(tiles))]
    picture = built.folder / "reports" / pages.beside(of_arm(built))[1]
    with Image.open(picture) as image:
        assert image.height == int(tiles[0][1]) * len(tiles)


def read(built: Built) -> dict[str, Any]:
    script = built.folder / "reports" / pages.beside(of_arm(built))[0]
    said: dict[str, Any] = json.loads(
        re.fullmatch(r"explorer\.add\((.*)\);\n", script.read_text())[1]
    )
    return said


def test_the_explorer_has_every_seed_s_curves_and_scores(built: Built) -> None:
    said = read(built)
    assert said["id"] == f"tiny/{ARM}"
    quality = built.table("quality.parquet")
    own = quality[(quality["variant"] == "hot") & (quality["metric"] == "fid_lenet_mnist_5k")]
    fid = said["series"]["FID (LeNet) ↓"]
    assert fid["steps"] == sorted(own["step"].unique())
    for seed, values in fid["seeds"].items():
        mine = own[own["seed"] == int(seed)].sort_values("step")["value"].tolist()
        there = [value for value in values if value is not None]
        assert there == pytest.approx(mine, rel=1e-3)
    ended = fid["seeds"]["1"]  # it diverged at the third checkpoint
    assert [value is None for value in ended] == [False] * 3 + [True] * (len(ended) - 3)
    assert said["sheet"]["file"] == pages.beside(of_arm(built))[1]


def test_points_stand_where_they_lie_in_front_of_the_data(tmp_path: Path) -> None:
    data = np.array([[-1.0, -1.0], [1.0, 1.0]])
    sheet = sheets.write(
        tmp_path / "a.png",
        {5: np.array([[0.0, 0.0]]), 9: np.array([[np.nan, 0], [99, 0]])},
        data,
        "#ff0000",
    )
    assert (sheet.steps, sheet.width, sheet.height) == ([5, 9], sheets.SIDE, sheets.SIDE)
    with Image.open(tmp_path / "a.png") as image:
        pixels = np.asarray(image.convert("RGB")).astype(int)
    first, second = pixels[: sheets.SIDE], pixels[sheets.SIDE :]
    red = np.argwhere((first[..., 0] > 200) & (first[..., 1] < 60))
    assert red.mean(0) == pytest.approx([(sheets.SIDE - 1) / 2] * 2, abs=1)
    assert not (
        (second[..., 0] > 200) & (second[..., 1] < 60)
    ).any()  # beyond the picture, or no number
    grey = np.argwhere((first == sheets.DATA).all(-1))
    low, high = 0.1 * (sheets.SIDE - 1), 0.9 * (sheets.SIDE - 1)  # y grows upwards, rows downwards
    assert {tuple(np.round(point / 10).astype(int)) for point in grey} >= {
        (round(high / 10), round(low / 10))
    }


def test_images_stand_in_rows_of_eight(tmp_path: Path) -> None:
    images = np.zeros((16, 1, 4, 4), np.uint8)
    images[9] = 255
    sheet = sheets.write(tmp_path / "a.png", {1: images}, None, "#000000")
    assert (sheet.width, sheet.height) == (8 * 5, 2 * 5)
    with Image.open(tmp_path / "a-last.png") as image:
        pixels = np.asarray(image.convert("L"))
    assert pixels[5:9, 5:9].min() > 230
    assert pixels[5:9, 0:4].max() < 20


def test_the_download_has_the_tables_as_they_are_and_their_schema(built: Built) -> None:
    content = (built.folder / "reports" / pages.DOWNLOAD).read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        summary = pd.read_csv(archive.open("tiny/summary.csv"))
        rows = json.loads(archive.read("tiny/claims.json"))
        schema = json.loads(archive.read("schema.json"))
    assert set(names) == {
        "schema.json",
        "tiny/claims.json",
        *(f"tiny/{name}" for name in download.TABLES),
    }
    pd.testing.assert_frame_equal(summary, built.table("summary.csv"))
    assert rows == json.loads(built.claims.read_text())
    assert set(schema["claims.json"]["verdict"]) == set(rows[0])
    assert Verdict.read(rows[0]).id == rows[0]["id"]


@pytest.mark.parametrize(
    ("height", "kept"),
    [(100, 144), (500, 180), (2000, 288)],  # low: on paper; as it is; tall: cut off below
)
def test_a_small_picture_has_a_shape_that_a_card_can_show(
    tmp_path: Path, height: int, kept: int
) -> None:
    Image.new("RGB", (1000, height), "#0000ff").save(tmp_path / "figure.png")
    sheets.thumbnail(tmp_path / "figure.png", tmp_path / "small.webp")
    with Image.open(tmp_path / "small.webp") as image:
        assert image.size == (sheets.SMALL, kept)
        pixels = np.asarray(image.convert("RGB")).astype(int)
    blue = (pixels[..., 2] - pixels[..., 0] > 120).mean()
    assert blue == pytest.approx(min(1.0, 0.36 * height / kept), abs=0.03)
