"""The page of a paper: what its paper.yaml says, and our numbers beside it, never in one column."""

from __future__ import annotations

import html
import re

import pytest
from conftest import SMALL, Built, Page
from test_page import check

from replication.claims import schema
from replication.plan import registry
from replication.report import pages, recipes

PAPERS = schema.papers()


def text_of(built: Built, name: str) -> str:
    return html.unescape(built.read(pages.of(name)))


def silent(built: Built, panel: str) -> bool:
    """Whether the study has nothing that a panel shows, so that no page shows it."""
    head = registry.panel_metadata(panel)
    return bool(head["RUNS"] or head.get("EXPERIMENTS")) and built.numbers(panel).empty


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


def coded(text: str) -> str:
    """What stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text)


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
    plain = re.sub(r"</?a\b[^>]*>", "", text)  # terms are links
    for said in (*paper.argues, *paper.deviations):
        assert f"<li>{coded(said)}</li>" in plain
    places = [text.index(f"<li>{coded(said)}</li>") for said in paper.deviations]
    assert places == sorted(places)


def recipes_of(built: Built, name: str) -> dict[str, dict[str, str]]:
    """The table of recipes of a page: by its columns the settings that have one."""
    tables = Page(built.read(pages.of(name))).tables
    table = next((t for t in tables if t[0][0] == "Setting"), [["Setting"]])
    return {
        column: {row[0]: row[i] for row in table[1:] if row[i] != "–"}
        for i, column in enumerate(table[0][1:], 1)
    }


@pytest.mark.parametrize("name", PAPERS)
def test_recipes_stand_side_by_side_as_printed_as_coded_and_ours(built: Built, name: str) -> None:
    shown = recipes_of(built, name)
    theirs = {column: own for column, own in shown.items() if not column.startswith("Ours: ")}
    asked = {
        f"{one.of} (as {one.form}; {one.source})": one.settings for one in PAPERS[name].recipes
    }
    assert list(theirs) == list(asked)
    for column, settings in asked.items():
        assert sorted(theirs[column].values()) == sorted(settings.values())


def test_our_recipe_is_that_of_the_run(built: Built) -> None:
    ours = recipes_of(built, "wgan_gp2017")["Ours: WGAN-GP"]
    run = next(r for r in built.study.runs.values() if r.arm == "mnist_5k/mlp/wgan_gp/paper")
    assert ours["optimiser"] == "Adam (β 0, 0.9), learning rate 0.0001, batch 64"
    assert ours["critic"] == "5 steps per generator step, λ 10"
    assert ours["length"] == f"{run.steps:,} generator steps"
    assert "learning rate 0.1 (critic) and 0.2 (generator)" in recipes.settings(
        run.model_copy(update={"recipe": run.recipe.model_copy(
            update={"critic_lr": 0.1, "generator_lr": 0.2})})
    )["optimiser"]  # fmt: skip


def numbers_of(built: Built, name: str) -> list[list[str]]:
    tables = Page(built.read(pages.of(name))).tables
    return next(t[1:] for t in tables if t[0] == ["Quantity", "Paper", "Ours", "Comparable?"])


@pytest.mark.parametrize("name", [name for name, paper in PAPERS.items() if paper.headline])
def test_numbers_of_the_paper_have_protocol_and_source_and_stand_beside_ours(
    built: Built, name: str
) -> None:
    rows = numbers_of(built, name)
    told = [
        [f"{one.what}{SMALL}{one.protocol}", f"{one.value}{SMALL}{one.source}"]
        for one in PAPERS[name].headline
    ]
    assert [row[:2] for row in rows] == told
    assert all(
        row[3] == "–" or row[3].startswith(("no: ", "in kind", "the ratio only")) for row in rows
    )


def test_our_number_is_the_best_arm_of_the_paper_s_methods(built: Built) -> None:
    rows = numbers_of(built, "wgan_gp2017")
    fid = next(row for row in rows if row[0].startswith("FID of WGAN-GP"))
    summary = built.table("summary.csv")
    own = summary[(summary["method"] == "wgan_gp") & summary["metric"].str.startswith("fid_lenet")]
    best = own.loc[own["mean"].idxmin()]
    value, _, of = fid[2].partition(SMALL)
    number, _, ends = value.removeprefix("FID (LeNet) ").partition(" (")
    ends = ends or "too few seeds"  # one of six diverged
    check(
        f"{number}{SMALL}{ends.rstrip(')')}",
        best["mean"],
        best["ci_low"],
        best["ci_high"],
        0.006 * best["mean"],
    )
    assert ("hot" in of) == (best["variant"] == "hot")
    assert fid[3].startswith("no: ours is ")


def test_how_far_the_estimate_falls_is_compared_as_a_ratio(built: Built) -> None:
    row = next(row for row in numbers_of(built, "wgan2017") if "perceptron generator" in row[0])
    curves = built.table("curves.parquet")
    own = curves[(curves["method"] == "wgan_clip") & (curves["dataset"] == "mnist_5k")]
    course = own.groupby("step")["estimate_heldout"].median()
    said = re.match(rf"from (\S+) to (\S+) \(÷ (\S+)\){SMALL}", row[2])
    assert float(said[1]) == pytest.approx(course.max(), rel=0.006)
    assert float(said[2]) == pytest.approx(course.iloc[-1], rel=0.006)
    assert float(said[3]) == pytest.approx(course.max() / course.iloc[-1], rel=0.06)


def test_the_paper_s_own_figures_come_first_in_its_order_and_the_rest_is_folded(
    built: Built,
) -> None:
    text = built.read("wgan2017.html")
    beyond = text.index('<h2 id="beyond">')
    shown = re.findall(r'<figure class="wide" id="wgan2017-([^"]+)"', text[:beyond])
    heads = {p.split("/")[1].replace("_", "-"): registry.panel_metadata(p) for p in registry.panels()
             if p.startswith("wgan2017/")}  # fmt: skip
    mirrors = [name for name, head in heads.items() if head["MIRRORS"].startswith("wgan2017:")]
    assert set(shown) <= set(mirrors)  # those without evidence are not shown
    assert not [name for name in mirrors if f'id="wgan2017-{name}"' in text[beyond:]]
    numbered = [name for name in shown if name.startswith("fig")]
    assert numbered == sorted(numbered)
    assert shown[:3] == ["fig1", "trained-lines", "fig2"]  # two panels mirror the first
    folded = re.search(
        r'<details class="wide beyond">.*?</details>', text[beyond:].replace("<details>", ""), re.S
    )
    assert 'id="wgan2017-critic-steps"' in folded[0]


def test_a_bibtex_entry_names_authors_title_and_year(built: Built) -> None:
    entry = re.search(r"@inproceedings\{wgan2017,.*?\n\}", built.read("wgan2017.html"), re.S)[0]
    assert "author = {Martin Arjovsky and Soumith Chintala and Léon Bottou}" in entry
    assert "title = {{Wasserstein Generative Adversarial Networks}}" in entry
    assert "eprint = {1701.07875}" in entry


@pytest.mark.parametrize("name", pages.papers())
def test_commands_run_just_this_page_again(built: Built, name: str) -> None:
    page = pages.of(name)
    own = [p for p in registry.panels() if p.startswith(f"{name}/") and pages.of(p) == page]
    own = [panel for panel in own if not silent(built, panel)]
    commands = re.findall(r"<dt><code>([^<]+)</code></dt>", built.read(pages.of(name)))
    assert sorted(commands[: len(own)]) == [
        f"replication panel {panel} --study tiny" for panel in own
    ]
    targets = [sorted(c.split()[3:]) for c in commands if c.startswith("snakemake --cores all ")]
    assert targets == ([[f"reports/figures/tiny/{panel}.csv" for panel in own]] if own else [])
    assert commands[-1] == "replication report"
    for page in (pages.of(name), pages.twin(pages.of(name))):
        assert ". .venv/bin/activate" in built.read(page)


@pytest.mark.parametrize("panel", registry.panels())
def test_a_panel_leads_to_its_numbers_its_runs_and_its_command(built: Built, panel: str) -> None:
    text = built.read(pages.of(panel))
    if f"made by <code>replication panel {panel} --study tiny</code>" not in text:
        assert panel.startswith("failures/") or silent(built, panel)
        return
    figure = figure_of(built, panel)
    assert f'href="figures/tiny/{panel}.csv"' in figure
    head = registry.panel_metadata(panel)
    for pattern in head["RUNS"]:
        assert f"<code>results/tiny/evidence/arms/{pattern}</code>" in figure
    for experiment in head.get("EXPERIMENTS", []):
        assert f"<code>results/tiny/evidence/experiments/{experiment}.parquet</code>" in figure
