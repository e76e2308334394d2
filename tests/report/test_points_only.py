"""A profile whose runs are all on points in the plane has a whole report too."""

from __future__ import annotations

from pathlib import Path

from conftest import Built, Page, make

from replication.report import pages


def test_a_profile_of_points_alone_has_every_page(tmp_path: Path) -> None:
    built: Built = make(tmp_path, seeds=2, methods=["gan_ns", "wgan_gp"], images=False)
    arms = {"tiny": list(built.study.arms)}
    missing = [str(page) for page in pages.outputs(arms) if not (tmp_path / page).exists()]
    assert missing == []
    front = built.read("index.html")
    assert "Study tiny: 4 runs on 2-D data, " in front
    assert "Runs on points" in front
    assert "Runs on images" not in front
    page = Page(front)
    headline = next(
        t for t, kind in zip(page.tables, page.kinds, strict=True) if "leaderboard" in kind
    )
    assert headline[1][0] == "Real training points"
    assert sorted(row[0] for row in headline[2:]) == [
        "GAN (non-saturating), decaying lr",
        "WGAN-GP, decaying lr",
    ]
    assert all(cell and "not measured" not in cell for row in headline[2:] for cell in row)
    assert "natural images" not in front
