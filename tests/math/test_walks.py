"""Paths through z and how even they are; patches; real features that are looked at once."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from replication.features._base import Extractor
from replication.metrics import _real, smoothness, w1_patches
from replication.metrics._base import WALK_STEPS, Batch, Protocol
from replication.training.sampler import along_sphere, straight

PROTOCOL = Protocol(90, 90, 60, 5, 5, 40, 3)
NOTHING = torch.empty(0)
T = torch.linspace(0, 1, 9, dtype=torch.float64)


def evenness(*steps: list[float]) -> float:
    """Of walks on a line with these step lengths."""
    walks = torch.tensor([[0.0, *own] for own in steps], dtype=torch.float64).cumsum(1)
    return smoothness.compute(
        None, Batch(NOTHING, NOTHING, NOTHING, walks=walks[..., None]), PROTOCOL
    )  # type: ignore[arg-type]


def test_the_largest_step_over_the_mean_step() -> None:
    assert evenness([2.0] * WALK_STEPS) == pytest.approx(1)
    assert evenness([0.0, 0.0, 3.0, 0.0]) == pytest.approx(4)
    assert evenness([1.0, 1.0, 2.0]) == pytest.approx(1.5)
    assert evenness([0.0, 0.0]) == 1
    assert evenness([1.0, 1.0, 2.0], [5.0, 5.0, 5.0]) == pytest.approx(1.25)
    assert torch.isnan(torch.tensor(evenness([1.0, float("nan")])))


def test_both_paths_join_the_ends_and_an_arc_keeps_length_and_pace() -> None:
    draws = torch.Generator().manual_seed(0)
    start, end = torch.randn(2, 3, 5, 40, generator=draws, dtype=torch.float64)
    for path in (straight, along_sphere):
        z = path(start, end, T)
        assert z.shape == (3, 5, 9, 40)
        torch.testing.assert_close(z[:, :, 0], start)
        torch.testing.assert_close(z[:, :, -1], end)
    torch.testing.assert_close(straight(start, end, T)[:, :, 4], (start + end) / 2)

    unit = [x / x.norm(dim=-1, keepdim=True) for x in (start, end)]
    arc = along_sphere(*unit, T)
    torch.testing.assert_close(arc.norm(dim=-1), torch.ones(3, 5, 9, dtype=torch.float64))
    pace = arc.diff(dim=2).norm(dim=-1)
    torch.testing.assert_close(pace, pace[..., :1].expand_as(pace))
    torch.testing.assert_close(along_sphere(start, start, T)[:, :, 3], start)


def test_patches_are_cut_at_the_same_places_of_any_images() -> None:
    images = torch.arange(2 * 3 * 8 * 12, dtype=torch.float32).view(2, 3, 8, 12)
    cut = w1_patches.patches(images)
    assert cut.shape == (2, 3, 2, 2)
    for own, patch in zip(images, cut, strict=True):
        windows = own.unfold(1, 2, 1).unfold(2, 2, 1).permute(1, 2, 0, 3, 4)
        assert (windows == patch).all((2, 3, 4)).sum() == 1
    assert torch.equal(w1_patches.patches(images + 1), cut + 1)


def test_patch_distance_is_zero_on_equal_sets_and_grows_by_a_shift() -> None:
    images = torch.rand(90, 2, 12, 12, generator=torch.Generator().manual_seed(1))

    def distance(fake: torch.Tensor) -> float:
        batches = (Batch(x, NOTHING, NOTHING) for x in (images, fake))
        return w1_patches.compute(*batches, PROTOCOL)

    assert distance(images) == pytest.approx(0, abs=1e-9)
    # Every patch of 2 x 3 x 3 values moves by 5 along the same direction: no coupling is shorter.
    assert distance(images + 5) == pytest.approx(5 * 18**0.5, rel=1e-6)


class Net:
    """Counts the images that it is shown."""

    shown = 0

    def __call__(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        self.shown += len(images)
        return images.flatten(1), images.flatten(1)[:, :2]


@pytest.fixture
def net() -> Net:
    return Net()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where features of real images are kept; not there yet."""
    return tmp_path / "features"


def test_real_images_are_looked_at_once(net: Net, folder: Path) -> None:
    images = torch.rand(7, 1, 2, 2)
    extractor, done = Extractor(net, 4, "ab" * 32), []
    first = _real.features(folder, "lenet", extractor, images, done.append)
    again = _real.features(folder, "lenet", extractor, images.clone(), done.append)
    assert net.shown == 7
    assert done == [4, 7, 7]
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert first[0].dtype == torch.float64
    _real.features(folder, "lenet", extractor, images + 1, done.append)
    _real.features(folder, "lenet", Extractor(net, 4, "cd" * 32), images, done.append)
    _real.features(folder, "inception", extractor, images, done.append)
    assert net.shown == 4 * 7


def test_a_damaged_file_is_not_believed(net: Net, folder: Path) -> None:
    images, extractor = torch.rand(7, 1, 2, 2), Extractor(net, 4, "ab" * 32)
    whole = _real.features(folder, "lenet", extractor, images, lambda done: None)
    (path,) = folder.iterdir()
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(bytes(content))
    again = _real.features(folder, "lenet", extractor, images, lambda done: None)
    assert net.shown == 14
    assert all(torch.equal(a, b) for a, b in zip(whole, again, strict=True))


def test_a_net_without_a_name_leaves_nothing_behind(net: Net, folder: Path) -> None:
    _real.features(folder, "lenet", Extractor(net, 4), torch.rand(7, 1, 2, 2), lambda done: None)
    assert not folder.exists()
