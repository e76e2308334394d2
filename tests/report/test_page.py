"""The pages: offline, whole, equal to the results, safe against any text, the same at every build."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
import synthetic
from conftest import SMALL, Built, Page

from replication.figures.results import MissingResult
from replication.plan import registry
from replication.report import build, pages, readme
from replication.report.context import context
from replication.report.templating import TEMPLATES
from replication.words import numbers

LOADS = ("src", "srcset", "data", "poster", "action", "xlink:href")

PAGES = tuple(pages.every())
WITH_TWIN = tuple(page for page in PAGES if pages.has_twin(page))

#: The scripts of the project itself, which stand in the pages.
SCRIPTS = {name: (TEMPLATES / name).read_text() for name in ("sort.js", "front.js", "explore.js")}


def own_scripts_only(text: str) -> None:
    """No script but those of the templates, and the library beside the pages."""
    inside = re.findall(r"<script>\n(.*?)\n</script>", text, re.S)
    assert inside[0] == SCRIPTS["sort.js"]
    assert set(inside) <= set(SCRIPTS.values())
    beside = [a["src"] for tag, a in Page(text).tags if tag == "script" and "src" in a]
    assert beside in ([], ["uPlot.js"])
    assert [tag for tag, _ in Page(text).tags].count("script") == len(inside) + len(beside)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_loaded_from_elsewhere(built: Built, name: str) -> None:
    page, folder = Page(built.read(name)), (built.folder / "reports" / name).parent
    for tag, attributes in page.tags:
        for load in (*LOADS, *(() if tag == "a" else ("href",))):
            source = attributes.get(load, "#")
            assert source.startswith(("#", "data:")) or (folder / source).is_file(), (tag, load)
        assert not any(attribute.startswith("on") for attribute in attributes)
    text = built.read(name)
    assert "@import" not in text
    assert set(re.findall(r"url\((.)", text)) <= {"#", '"'}
    assert not {"iframe", "object", "embed"} & {tag for tag, _ in page.tags}
    own_scripts_only(text)
    for script in SCRIPTS.values():
        assert not re.findall(r"\b(fetch|XMLHttpRequest|import|eval)\b", script)


def test_pages_are_light(built: Built) -> None:
    """Those of an invented study, and those that are committed, which show several."""
    for folder in (built.folder / "reports", Path(__file__).parents[2] / "reports"):
        sizes = {path.name: path.stat().st_size for path in folder.rglob("*.html")}
        assert {name: size for name, size in sizes.items() if size > 1_000_000} == {}


def test_what_is_no_more_leaves_the_report(built: Built, tmp_path: Path) -> None:
    shutil.copytree(built.folder, tmp_path / "copy")
    with contextlib.chdir(tmp_path / "copy"):
        reports = Path("reports")
        before = {path for path in reports.rglob("*") if path.is_file()}
        stale = [
            reports / "arms/tiny/mnist_5k-mlp-gone-paper.html",
            reports / "figures/tiny/benchmark/gone.png",
            reports / "figures/tiny/gone2017/fig1.csv",
        ]
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        build._forget(build.outputs(built.study))
        assert {path for path in reports.rglob("*") if path.is_file()} == before


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ""))


def check(cell: str, mean: float, low: float, high: float, tolerance: float) -> None:
    """A cell against the file's numbers: what it shows is within the rounding of its digits."""
    shown, _, small = cell.partition(SMALL)
    assert number(shown) == pytest.approx(mean, abs=tolerance)
    if pd.isna(low):
        assert small == "too few seeds"
    else:
        assert [number(t) for t in small.split(" to ")] == pytest.approx([low, high], abs=tolerance)


LABELS = {
    "GAN (non-saturating)": ("gan_ns", "paper"),
    "WGAN (clip)": ("wgan_clip", "paper"),
    "WGAN-GP": ("wgan_gp", "paper"),
    "WGAN-GP, hot": ("wgan_gp", "hot"),
}


def test_main_table_shows_the_numbers_of_summary_csv(built: Built, page: Page) -> None:
    summary = built.table("summary.csv")
    table = next(
        t for t, kind in zip(page.tables, page.kinds, strict=True) if "leaderboard" in kind
    )
    head, real, *rows = table
    stems = ("fid", "inception_score", "recall", "kid", "precision", "w1_pixels")
    assert len(head) == 1 + len(stems) + 6
    assert {row[0] for row in rows} == set(LABELS)
    best = [number(row[1].partition(SMALL)[0]) for row in rows]
    assert best == sorted(best)
    for name, *cells in rows:
        method, variant = LABELS[name]
        own = summary[(summary["method"] == method) & (summary["variant"] == variant)]
        for stem, cell in zip(stems, cells, strict=False):
            row = own[own["metric"].str.startswith(stem)].iloc[0]
            tolerance = 0.006 * abs(row["mean"])
            check(cell, row["mean"], row["ci_low"], row["ci_high"], tolerance)
        assert cells[-2:] == [str(own["n_seeds"].iloc[0]), str(own["n_diverged"].iloc[0])]
        run = next(r for r in built.study.runs.values() if (r.method, r.variant) == (method, variant)
                   and r.dataset == synthetic.DATASET)  # fmt: skip
        learning = dict.fromkeys([run.recipe.critic_lr, run.recipe.generator_lr])
        rates = " / ".join(map(numbers.amount, learning))
        assert cells[-6:-3] == [
            rates,
            f"{run.steps:,}",
            f"{run.recipe.n_critic}",
        ]
    reference = pd.read_parquet(built.folder / built.study.paths.real("mnist_5k") / "real.parquet")
    values = reference.set_index("metric")["value"]
    expected = [values[values.index.str.startswith(stem)].iloc[0] for stem in stems]
    assert [number(cell) for cell in real[1:7]] == pytest.approx(expected, rel=0.006)


def test_what_was_run_counts_images_toys_and_labs(built: Built) -> None:
    text = built.read("README.md")
    runs = built.study.runs.values()
    images = sum(len(run.seeds) for run in runs if run.dataset == synthetic.DATASET)
    toys = Counter(run.arm for run in runs if run.dataset != synthetic.DATASET for _ in run.seeds)
    heads = map(registry.panel_metadata, built.study.panels)
    shown = {name for head in heads for name in head.get("EXPERIMENTS", [])}
    experiments = shown & set(built.study.experiments)
    assert f"**Runs on images**: {images}: " in text
    assert f"**2-D benchmarks**: {len(toys)} arms (" in text
    assert f": {sum(toys.values())} trainings" in text
    assert f"**Controlled experiments**: {len(experiments)}, such as" in text
    assert "up to 2 seeds, effort 1%" in text
    assert (
        f"{sum(toys.values())} runs on 2-D data, {len(experiments)} controlled experiments." in text
    )
    arms = len(built.study.arms)
    about = "invented numbers for tests"
    assert f"**Study tiny**: {about}; {arms} arms; {len(experiments)} experiments\n" in text


def tables_of(markdown: str) -> list[list[list[str]]]:
    """Tables of Markdown as rows of plain cell texts."""
    blocks = re.findall(r"(?:^\|.*\n)+", markdown, re.M)
    tables = []
    for block in blocks:
        rows = [
            re.split(r" (?<!\\)\| ?", row.strip("| ") + " |")[:-1] for row in block.splitlines()
        ]
        rows = [row for row in rows if not set("".join(row)) <= set("-: ")]
        tables.append([[re.sub(r"\\(.)", r"\1", cell) for cell in row] for row in rows])
    return tables


@pytest.mark.parametrize("name", WITH_TWIN)
def test_markdown_and_page_have_the_same_tables(built: Built, name: str) -> None:
    own = Page(built.read(name))
    shown = [
        t
        for t, kind in zip(own.tables, own.kinds, strict=True)
        if kind not in ("tests", "controls", "claims")
    ]
    cells = [[[re.sub(f"{SMALL}(.*)", r" (\1)", cell) for cell in row] for row in t] for t in shown]
    plain = tables_of(built.read(pages.twin(name)))
    assert len(plain) >= 3 or name not in ("index.html", "methods.html")
    assert [t for t in plain if t[0][0] not in ("Paper", "Claim")] == cells


def test_top_says_what_the_budget_cannot_show(built: Built, sparse: Built) -> None:
    text = built.read("README.md")
    assert "97.3% right on held-out images" in text
    assert "at most 3,000 generator steps" in text
    assert "28 × 28 pixels" in text
    images = [run for run in built.study.runs.values() if run.dataset == synthetic.DATASET]
    assert f"1 of {len(images)} runs diverged" in text
    assert "no verdict" not in text
    assert "2 seeds: no interval and no verdict" in sparse.read("README.md")


def test_too_few_seeds_show_as_words_never_as_nan(sparse: Built) -> None:
    page = Page(sparse.read("index.html"))
    table = next(
        t for t, kind in zip(page.tables, page.kinds, strict=True) if "leaderboard" in kind
    )
    cells = [cell for row in table[2:] for cell in row[1:-6]]
    assert cells
    assert all(cell.endswith(f"{SMALL}too few seeds") for cell in cells)
    assert not re.search(r"\bnan\b", re.sub(r'"data:[^"]+"', "", sparse.read("index.html")), re.I)


def test_failures_are_listed_with_step_and_reason(built: Built, page: Page) -> None:
    listed = next(t for t in page.tables if t[0][-1] == "What happened")
    step = next(iter(r for r in built.study.runs.values() if r.variant == "hot")).checkpoints[2]
    assert listed[1:] == [["WGAN-GP, hot", "1", f"{step:,}", "diverged: critic loss is not finite"]]


def test_hostile_text_stays_text(built: Built, tmp_path: Path) -> None:
    evil = '<script>alert("1")</script> | `x` [y](http://z)'
    shutil.copytree(built.folder, tmp_path / "copy")
    with contextlib.chdir(tmp_path / "copy"):
        paths = built.study.paths
        runs = pd.read_csv(paths.table("runs.csv"))
        runs.loc[runs["state"] == "diverged", "reason"] = evil
        runs.to_csv(paths.table("runs.csv"), index=False)
        record = next(paths.evidence.rglob("arm.json"))
        told = json.loads(record.read_text())
        told["runs"][0]["provenance"]["device"] = evil
        record.write_text(json.dumps(told))
        build.build(built.study)
        html, markdown = (
            Path("reports/index.html").read_text(),
            Path("reports/README.md").read_text(),
        )
    page = Page(html)
    own_scripts_only(html)
    assert any(evil in row[-1] for table in page.tables for row in table)
    assert "](http://z)" not in markdown.replace("\\](http", "")
    row = next(line for line in markdown.splitlines() if "alert" in line and line.startswith("|"))
    assert len(re.findall(r"(?<!\\)\|", row)) == 5
    assert "<script" not in markdown.replace("\\<", "")


@pytest.mark.slow  # that they repeat is also shown by the committed report, which comes out in a bare clone
def test_another_process_writes_the_same_bytes(built: Built, tmp_path: Path) -> None:
    shutil.copytree(built.folder / "results", tmp_path / "results")
    code = (
        f"import sys; sys.path[:0] = {[str(Path(__file__).parent), str(Path(build.__file__).parents[2])]!r}\n"
        "import synthetic\n"
        "from replication.report import build\n"
        "from replication.plan.study import Study\n"
        "study = Study(synthetic.config())\n"
        "synthetic.draw(study)\n"
        "build.build(study)\n"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True)
    first, again = ({p.relative_to(folder): p.read_bytes() for p in sorted((folder / "reports").rglob("*.*"))}
                    for folder in (built.folder, tmp_path))  # fmt: skip
    with contextlib.chdir(built.folder):
        pictures = [p for p in first if p.suffix in (".png", ".webp") and "arms" not in p.parts]
        declared = len(build.outputs(built.study)) + 2 * len(built.study.panels)
        assert len(first) == declared + len(pictures)
    assert [str(p) for p in first if first[p] != again.get(p)] == []


def test_a_missing_figure_is_named_with_its_remedy(built: Built, tmp_path: Path) -> None:
    shutil.copytree(built.folder, tmp_path / "copy")
    with contextlib.chdir(tmp_path / "copy"):
        built.study.paths.picture("wgan2017/fig3_4").unlink()
        remedy = r"fig3_4\.png.*replication panel wgan2017/fig3_4 --study tiny"
        with pytest.raises(MissingResult, match=remedy):
            build.build(built.study)
        built.study.paths.table("summary.csv").unlink()
        with pytest.raises(MissingResult, match=r"summary\.csv.*replication collect"):
            build.build(built.study)


def test_readme_changes_between_its_markers_only(built: Built, tmp_path: Path) -> None:
    shutil.copytree(built.folder, tmp_path / "copy")
    top = tmp_path / "copy" / "README.md"
    with contextlib.chdir(top.parent):
        top.write_text(f"# Title\n\n{readme.START}\nold \\1\n{readme.END}\n\nThe end.\n")
        report = context(build.studies(built.study))
        readme.update(report)
        once = top.read_text()
        readme.update(report)
        assert top.read_text() == once
        assert once.startswith(f"# Title\n\n{readme.START}\n")
        assert once.endswith(f"{readme.END}\n\nThe end.\n")
        assert "old \\1" not in once
        assert re.search(r"^1\. \*\*", once, re.M)
        assert re.search(r"By setting: calculation: .*; 2-D: .*replicated", once)
        pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", once)
        assert [Path(p).exists() for p in pictures] == [True]
        top.write_text("no markers\n")
        readme.update(report)
        assert top.read_text() == "no markers\n"
