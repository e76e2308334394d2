"""The page of a paper: what its paper.yaml says, and our numbers beside it, never in one column."""

from __future__ import annotations

import html
import re

import pytest
from conftest import Built, Page
from test_page import check

from replication.claims import schema
from replication.plan import registry
from replication.report import pages, recipes

PAPERS = schema.papers()


def text_of(built: Built, name: str) -> str:
    return html.unescape(built.read(pages.of(name)))


def figure_of(built: Built, panel: str) -> str:
    """A panel on its page, with all that is said under it."""
    place = panel.replace("/", "-").replace("_", "-")
    text = built.read(pages.of(panel))
    return re.search(rf'<figure [^>]*id="{place}".*?</figure>', text, re.S)[0]


def test_every_folder_with_a_paper_or_a_panel_has_a_page(built: Built) -> None:
    drawn = {panel.split("/")[0] for panel in registry.panels()} - set(pages.STUDY)
    assert set(pages.papers()) == set(PAPERS) | drawn
    years = [pages.by_year(name) for name in pages.papers()]
    assert years == sorted(years)


@pytest.mark.parametrize("name", PAPERS)
def test_a_page_says_what_the_paper_yaml_says(built: Built, name: str) -> None:
    text, paper = text_of(built, name), PAPERS[name]
    assert f"<h1>{paper.citation.title}</h1>" in text
    assert all(author in text for author in paper.citation.authors)
    if paper.citation.arxiv:
        assert f'href="https://arxiv.org/abs/{paper.citation.arxiv}"' in text
    if paper.citation.openreview:
        place = f"https://openreview.net/forum?id={paper.citation.openreview}"
        assert f'href="{place}"' in text
        assert f"]({place})" in built.read(pages.twin(pages.of(name)))
    for said in (*paper.argues, *paper.deviations):
        assert f"<li>{said}</li>" in text
    places = [text.index(f"<li>{said}</li>") for said in paper.deviations]
    assert places == sorted(places)


@pytest.mark.parametrize("name", PAPERS)
def test_recipes_stand_row_by_row_as_printed_as_coded_and_ours(built: Built, name: str) -> None:
    tables = Page(built.read(pages.of(name))).tables
    rows = next((t[1:] for t in tables if t[0] == ["Recipe", "Form", "Settings", "Source"]), [])
    theirs = [row for row in rows if row[1] != "ours"]
    assert [row[0] for row in theirs] == [one.of for one in PAPERS[name].recipes]
    for row, one in zip(theirs, PAPERS[name].recipes, strict=True):
        assert row[1] == f"as {one.form}"
        assert row[2] == "; ".join(f"{key}: {value}" for key, value in one.settings.items())
        assert row[3] == one.source
    short = PAPERS[name].citation.short
    assert all(short in row[3] for row in rows if row[1] == "ours")


def test_our_recipe_is_that_of_the_run(built: Built) -> None:
    tables = Page(built.read("wgan_gp2017.html")).tables
    ours = [row for t in tables for row in t if row[0] == "WGAN-GP" and row[1] == "ours"]
    run = next(r for r in built.study.runs.values() if r.arm == "mnist_5k/mlp/wgan_gp/paper")
    assert len(ours) == 1
    assert "Adam (β 0, 0.9), rate 0.0001, batch 64" in ours[0][2]
    assert "5 steps per generator step, lambda gp 10, one sided no" in ours[0][2]
    assert f"{run.steps:,} generator steps" in ours[0][2]
    assert "rate 0.1 (critic) and 0.2 (generator)" in recipes.settings(
        run.model_copy(update={"recipe": run.recipe.model_copy(
            update={"critic_lr": 0.1, "generator_lr": 0.2})})
    )["optimiser"]  # fmt: skip


@pytest.mark.parametrize("name", [name for name, paper in PAPERS.items() if paper.headline])
def test_numbers_of_the_paper_have_protocol_and_source_and_a_table_of_their_own(
    built: Built, name: str
) -> None:
    tables = Page(built.read(pages.of(name))).tables
    theirs = next(t for t in tables if t[0] == ["Number", "Value", "Protocol", "Where it was read"])
    assert theirs[1:] == [
        [one.what, one.value, one.protocol, one.source] for one in PAPERS[name].headline
    ]


def test_our_numbers_are_those_of_summary_csv_each_with_its_protocol(built: Built) -> None:
    tables = Page(built.read("wgan_gp2017.html")).tables
    rows = next(t[1:] for t in tables if t[0] == ["Number", "Value", "Protocol"])
    summary = built.table("summary.csv")
    starts = {
        "FID": "fid_",
        "IS": "inception_",
        "Exact W1": "w1_pixels",
        "Precision": "precision",
        "Recall": "recall",
    }
    assert len(rows) == 2 * len(starts)
    for label, value, protocol in rows:
        stem = next(v for k, v in starts.items() if label.startswith(k))
        variant = "hot" if label.endswith("hot") else "paper"
        own = summary[(summary["method"] == "wgan_gp") & (summary["variant"] == variant)]
        row = own[(own["dataset"] == "mnist_5k") & own["metric"].str.startswith(stem)].iloc[0]
        check(value, row["mean"], row["ci_low"], row["ci_high"], 0.006 * abs(row["mean"]))
        assert "generator steps" in protocol
        assert "held-out" in protocol or "splits" in protocol


def test_a_paper_without_a_method_has_no_number_of_ours(built: Built) -> None:
    assert "there is no number of ours" in built.read("kurach2019.html")
    assert "there is no number of ours" not in built.read("wgan2017.html")


@pytest.mark.parametrize("name", pages.papers())
def test_commands_run_just_this_page_again(built: Built, name: str) -> None:
    own = [panel for panel in registry.panels() if panel.startswith(f"{name}/")]
    commands = re.findall(r"<dt><code>([^<]+)</code></dt>", built.read(pages.of(name)))
    assert commands[: len(own)] == [f"replication panel {panel} --study tiny" for panel in own]
    targets = [c.split()[3:] for c in commands if c.startswith("snakemake --cores all ")]
    assert targets == ([[f"reports/figures/tiny/{panel}.csv" for panel in own]] if own else [])
    assert commands[-1] == "replication report"
    for page in (pages.of(name), pages.twin(pages.of(name))):
        assert ". .venv/bin/activate" in built.read(page)


@pytest.mark.parametrize("panel", registry.panels())
def test_a_panel_leads_to_its_numbers_its_runs_and_its_command(built: Built, panel: str) -> None:
    text = built.read(pages.of(panel))
    if f"made by <code>replication panel {panel} --study tiny</code>" not in text:
        assert panel.startswith("failures/")
        return
    figure = figure_of(built, panel)
    assert f'href="figures/tiny/{panel}.csv"' in figure
    head = registry.panel_metadata(panel)
    for pattern in head["RUNS"]:
        assert f"<code>results/tiny/evidence/arms/{pattern}</code>" in figure
    for experiment in head.get("EXPERIMENTS", []):
        assert f"<code>results/tiny/evidence/experiments/{experiment}.parquet</code>" in figure
