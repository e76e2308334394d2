"""How numbers and names become words."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from replication.analysis import labels, tracking
from replication.figures import names
from replication.figures.names import Arm
from replication.figures.results import Frames
from replication.report import recipes, tables, views
from replication.report.inline import inline
from replication.report.templating import code, markdown


class Known(SimpleNamespace):
    """Results of which some are known; what is worked out of them is worked out as ever."""

    learned = Frames.learned
    title = Frames.title


#: Results none of whose scores is in doubt.
SOUND: Any = Known(doubted=lambda metric: False)


NAN = math.nan


@pytest.mark.parametrize(
    ("numbers", "text", "small"),
    [
        ((2.5, 2.25, 2.75, 6), "2.50", "2.25 to 2.75"),
        ((2.5, NAN, NAN, 5), "2.50", "too few seeds"),
        ((NAN, NAN, NAN, 0), "–", "no finished run"),
        ((NAN, NAN, NAN, 3), "–", "undefined"),
    ],
)
def test_a_missing_value_says_why(
    numbers: tuple[float, float, float, int], text: str, small: str
) -> None:
    assert tables.interval(*numbers) == tables.Cell(text, small)


@pytest.mark.parametrize(
    ("course", "real", "way"),
    [
        ([77.0, 75.4, 75.3], 0.7, 0.022), ([78.0, 50.0, 34.0], 0.7, 0.57), ([20.0, 90.0], 0.0, 0.78),
        ([50.0, 50.0], 1.0, 0.0), ([10.0, 5.0], NAN, 0.5),
    ],
)  # fmt: skip
def test_how_far_a_score_moved_is_a_share_of_the_way_to_real_images(
    course: list[float], real: float, way: float
) -> None:
    runs = pd.DataFrame({0: course, 1: course})
    assert tracking.moved(runs, real) == pytest.approx(way, abs=0.01)


@pytest.mark.parametrize(("recall", "text"), [(0.0, "0.930 †"), (0.049, "0.930 †"), (0.3, "0.930")])
def test_precision_is_marked_where_recall_is_next_to_nothing(recall: float, text: str) -> None:
    rows = [("precision_lenet_mnist_5k", 0.93), ("recall_lenet_mnist_5k", recall)]
    own = pd.DataFrame(rows, columns=["metric", "mean"]).set_index("metric")
    own = own.assign(ci_low=NAN, ci_high=NAN, n_seeds=2)
    cell = tables.final(SOUND, own, "precision_lenet_mnist_5k")
    assert cell == tables.Cell(text, "too few seeds")
    noted = tables.noted("Quality.", [[cell]])
    assert ("recall is below 0.05" in noted) == text.endswith("†")
    assert "†" not in tables.final(SOUND, own, "recall_lenet_mnist_5k").text


def test_arms_stand_by_year_and_the_plain_recipe_first() -> None:
    arms = [
        Arm("mnist", "mlp", method, variant)
        for method, variant in [
            ("sngan", "paper"),
            ("wgan_gp", "a"),
            ("wgan_gp", "paper"),
            ("gan_ns", "paper"),
        ]
    ]
    assert names.in_order(arms + arms) == [arms[3], arms[2], arms[1], arms[0]]


def test_label_names_variant_and_net_only_where_they_tell_arms_apart() -> None:
    plain, other = (
        Arm("mnist", "mlp", "wgan_gp", "paper"),
        Arm("mnist", "dcgan_8", "wgan_gp", "lr_5e-4"),
    )
    third = plain._replace(method="sngan")
    assert names.arm_label(plain, [plain]) == "WGAN-GP"
    assert names.arm_label(other, [other, plain]) == "WGAN-GP, lr 5e-4, DCGAN (width 8)"
    assert names.arm_label(plain, [other, plain]) == "WGAN-GP, MLP"
    assert names.arm_label(plain, [other, plain, third]) == "WGAN-GP"
    assert names.arm_label(plain, [plain, other._replace(dataset="cifar10")]) == "WGAN-GP"
    assert names.in_order([other, plain, third]) == [plain, other, third]


@pytest.mark.parametrize(
    ("arm", "text"),
    [
        ("mnist/dcgan_16/wgan_gp/paper", "WGAN-GP, DCGAN (width 16), on MNIST"),
        ("mnist_5k/mlp/gan_ns/lr_1e-3", "GAN (non-saturating), lr 1e-3, MLP, on MNIST (5,000 digits)"),
        ("ring/points/wgan_clip/decay_clip_0.1_n_critic_15", "WGAN (clip), clip 0.1, 15 critic steps on Ring of 8"),
        ("grid/points/lsgan/decay and grid/points/gan_ns/decay", "LSGAN and GAN (non-saturating) on Grid of 25"),
        ("mnist_5k/*", "arms on MNIST (5,000 digits)"),
        ("a/b/c/d", "a/b/c/d"),
        ("", ""),
    ],
)  # fmt: skip
def test_an_arm_in_a_sentence_goes_by_labels(arm: str, text: str) -> None:
    assert labels.arm(arm) == text


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (
            {"clip": 0.1, "techniques": {"linear_decay": {"decay_until": 0}, "clipping": False}},
            "clip 0.1, linear decay (to 0 at the last step), without clipping",
        ),
        ({"power_iterations": 1, "held": False, "one_sided": True}, "power iterations 1, one-sided"),
        ({"coding": [-1.0, 1.0, 0.0], "critic_lr": 0.001}, "codes (-1, 1, 0), critic’s learning rate 0.001"),
    ],
)  # fmt: skip
def test_a_change_of_a_recipe_is_in_words(change: dict[str, Any], text: str) -> None:
    assert recipes._pairs(change) == text


def test_metric_label_names_its_extractor() -> None:
    fid, w1 = names.metric("fid_lenet_mnist_5k"), names.metric("w1_pixels")
    assert (fid.stem, fid.title) == ("fid", "FID (LeNet) ↓")
    assert w1.stem == "w1_pixels"
    assert "LeNet" not in w1.label


def test_mirrored_figure_is_cited() -> None:
    assert views.mirrored("") == ""
    assert views.mirrored("wgan2017:fig3") == "Arjovsky et al. 2017, fig. 3"
    assert views.mirrored("nobody1999:tab2 and fig5") == "Nobody 1999, tab. 2 and fig. 5"


def test_markdown_gives_no_character_a_meaning() -> None:
    assert markdown("a|b\n*c* <d> [e](f) `g`") == r"a\|b \*c\* \<d\> \[e\](f) \`g\`"


def test_what_stands_between_backticks_is_code_and_stays_text() -> None:
    assert code("run `<b> --x` or <i>") == "run <code>&lt;b&gt; --x</code> or &lt;i&gt;"
    assert code("a ` alone") == "a ` alone"


def test_inlined_figure_takes_the_pages_ink_and_its_own_ids() -> None:
    svg = (
        '<?xml version="1.0"?><!DOCTYPE svg><svg width="5pt" height="4pt" viewBox="0 0 5 4">'
        '<defs><style type="text/css">*{}</style></defs><clipPath id="p1"/><g id="axis.1" clip-path="url(#p1)">'
        '<path d="M 1.23456 -7.999999 L 2 3.5" style="stroke: #000000"/>'
        "<text style=\"font-family: 'DejaVu Sans'; fill: #1f2328\">x</text>"
        '<use xlink:href="#p1"/><path style="fill: #0072b2"/></g></svg>'
    )
    out = inline(svg, "one", 'say "<hi>"')
    assert out.startswith("<svg ")
    assert 'aria-label="say &quot;&lt;hi&gt;&quot;"' in out
    assert 'viewBox="0 0 5 4"' in out
    assert 'id="one-p1"' in out
    assert 'id="one-axis-1"' in out
    assert "url(#one-p1)" in out
    assert 'href="#one-p1"' in out
    assert 'd="M 1.23 -8 L 2 3.5"' in out
    assert "stroke: var(--black)" in out
    assert "fill: var(--ink)" in out
    assert "#0072b2" in out
    assert "DejaVu" not in out
    assert "<style" not in out
