"""Ways of resizing: what is filtered, what aliases, and what the panel makes of seeds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image

from replication.experiments.resizing import RIGHT, WAYS, reduced
from replication.papers.parmar2022 import resizing
from replication.tensors.levels import to_uint8


def stripes() -> torch.Tensor:
    """Columns of one pixel, white and black by turns."""
    image = -torch.ones(1, 1, 28, 28)
    image[..., ::2] = 1.0
    return image


@pytest.mark.parametrize("way", WAYS)
def test_antialiased_stripes_are_grey_and_others_are_not(way: str) -> None:
    seen = reduced(stripes(), way)[..., 10:18, 10:18]
    assert seen.shape == (1, 1, 8, 8)
    contrast = float(seen.max() - seen.min())
    assert (contrast < 0.15) == ("antialiased" in way)


def test_the_right_way_is_pillows() -> None:
    image = torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(0)) * 2 - 1
    levels = to_uint8(image)[0, 0].numpy()
    few = Image.fromarray(levels).resize((8, 8), Image.Resampling.BICUBIC)
    ours = torch.nn.functional.interpolate(
        torch.tensor(levels, dtype=torch.float32)[None, None], size=[8, 8], **WAYS[RIGHT]
    )
    theirs = torch.from_numpy(np.asarray(few).astype(np.float32))
    assert float((ours.clamp(0, 255)[0, 0] - theirs).abs().max()) <= 1.0  # a level of rounding


def test_the_change_is_counted_in_standard_deviations_between_seeds() -> None:
    fid = {RIGHT: [1.0, 2.0, 3.0], resizing.ALIASED: [3.0, 5.0, 2.0]}
    table = pd.DataFrame(
        [(seed, way, value) for way, own in fid.items() for seed, value in enumerate(own)],
        columns=["seed", "way", "fid"],
    )
    assert resizing.evidence(table) == {"PAR22-C1": pytest.approx([2.0, 3.0, 1.0])}
