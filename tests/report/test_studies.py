"""Several studies in one folder, one site; and a study of which some evidence is not there yet."""

from __future__ import annotations

import contextlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
import synthetic
from conftest import Built, Page
from test_board import cards, papers
from test_paper_pages import figure_of

from replication.analysis import collect, labels
from replication.claims import decide
from replication.claims.outcome import NOT_TESTED
from replication.evidence import store
from replication.figures import names
from replication.figures import panel as panels
from replication.plan import registry
from replication.plan.paths import Paths
from replication.plan.study import Study
from replication.report import board, budget, build, pages

PARAMS = Path(__file__).parents[2] / "params.yaml"

#: Of runs on images, which both studies have; of runs on points, which the smaller one has alone; of an experiment.
IMAGES, POINTS, EXPERIMENT = "wgan2017/fig3_4", "pacgan2018/modes", "ttur2017/fig3"


def contents(*folders: Path) -> dict[str, bytes]:
    """Every file of some folders."""
    files = (file for folder in folders for file in folder.rglob("*") if file.is_file())
    return {str(file): file.read_bytes() for file in sorted(files)}


@dataclass
class Both(Built):
    """Two studies and their site, and what the smaller one held before the larger one came."""

    smaller: dict[str, bytes]


@pytest.fixture(scope="module")
def both(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Both:
    """The study of six seeds; and beside it one of seven on images alone, whose experiments were not run."""
    folder = shutil.copytree(built.folder, tmp_path_factory.mktemp("both") / "studies")
    study = Study(synthetic.config(profile="larger"))
    with contextlib.chdir(folder):
        smaller = contents(built.study.paths.root, built.study.paths.figures)
        synthetic.write(study, synthetic.LARGER, experiments=False)
        synthetic.draw(study, experiments=False)
        build.build(study)
    return Both(folder, study, smaller)


#: A setting of another study.
BESIDE = r"(calculation|2-D|images) in (tiny|larger)"


@pytest.fixture(scope="module")
def shown(both: Both) -> dict[str, str]:
    """The words of every claim's card."""
    return {name: " ".join(text.split()) for name, text in cards(papers(both.folder)).items()}


@pytest.mark.parametrize(
    ("claim", "verdict", "study", "elsewhere"),
    [
        (
            "WGAN17-C3",
            "Not replicated",
            "larger",
            "small images in tiny ✓ replicated, 2-D – not tested",
        ),
        ("GAN14-C1a", "Verified", "larger", "calculation in tiny = verified, 2-D – not tested"),
        ("GAN14-C4a", "Not tested", "larger", ""),
        ("WGP17-C9", "Replicated", "larger", ""),
        ("WGAN17-C5", "Not replicated", "tiny", "small images in larger – not tested"),
    ],
)
def test_a_card_has_the_verdict_of_the_largest_study_that_tested_it_and_the_other_beside_it(
    shown: dict[str, str], claim: str, verdict: str, study: str, elsewhere: str
) -> None:
    card = shown[claim].replace(" ,", ",")
    assert re.match(rf"\S {verdict}\b", card)
    assert f", study {study}" in card
    assert (f"Beside it: {elsewhere}" if elsewhere else "study") in card
    assert ("Beside it" in card) == bool(elsewhere)


def test_of_a_claim_that_no_study_tested_no_card_speaks_of_others(shown: dict[str, str]) -> None:
    untested = [
        card for card in shown.values() if re.match(r"\S No(t tested| test written)\b", card)
    ]
    assert len(untested) > 90
    assert [card for card in untested if re.search(BESIDE, card)] == []


def test_the_board_counts_every_claim_once_by_the_verdict_on_its_card(both: Both) -> None:
    of_larger, of_tiny = set(synthetic.LARGER), set(synthetic.EVIDENCE)
    tested = {key.partition("/")[0] for key in of_larger | of_tiny}
    text = both.read("README.md")
    listed = re.findall(r"^\| ([A-Z]+\d\d-C\d+[a-z]?), [\w -]+, (\w+) \|", text, re.M)
    assert sorted(name for name, _ in listed) == sorted(tested)
    larger = {key.partition("/")[0] for key in of_larger}
    assert {name for name, study in listed if study == "larger"} == larger
    row = next(line for line in text.splitlines() if line.startswith("| WGAN17-C3,"))
    assert "; small images in tiny ✓ replicated, 2-D – not tested |" in row


def test_one_study_alone_speaks_of_no_other(built: Built) -> None:
    assert not re.search(BESIDE, papers(built.folder))
    assert "; the same of <a" not in papers(built.folder)


def test_a_figure_is_that_of_the_largest_study_with_numbers_and_leads_to_the_other(
    both: Both,
) -> None:
    for panel in (IMAGES, POINTS, EXPERIMENT):
        study, other = ("larger", "tiny") if panel == IMAGES else ("tiny", "larger")
        figure = figure_of(both, panel)
        assert f'href="figures/{study}/{panel}.csv"' in figure
        assert f"replication panel {panel} --study {study}<" in figure
        linked = f'; the same of <a href="figures/tiny/{panel}.png">tiny</a>' in figure
        assert linked == (panel == IMAGES)
        assert f"figures/{other}/{panel}.svg" not in figure
        twin = both.read(pages.twin(pages.of(panel)))
        assert f"](figures/{study}/{panel}.png)" in twin
        assert (f"; the same of [tiny](figures/tiny/{panel}.png)" in twin) == (panel == IMAGES)


def test_every_link_of_the_site_leads_to_a_file(both: Both) -> None:
    for name in pages.every():
        links = {a["href"].partition("#")[0] for tag, a in Page(both.read(name)).tags if tag == "a"}
        if pages.has_twin(name):
            links |= set(re.findall(r"\]\(([^)#]+)", both.read(pages.twin(name))))
        local = [link for link in links if link and not link.startswith("https://")]
        assert [link for link in local if not (both.folder / "reports" / link).is_file()] == []


def test_what_was_run_names_both_studies(both: Both) -> None:
    arms = {name: len(both.study.another(name).arms) for name in ("tiny", "larger")}
    for text in (both.read("README.md"), re.sub(r"<[^>]+>", "", both.read("index.html"))):
        for name, about in (("tiny", "invented"), ("larger", "more invented")):
            assert re.search(rf"Study {name}\W*{about} numbers[^;]*; {arms[name]} arms;", text)
        assert re.search(r"Study larger: \d+ runs on .* Study tiny: \d+ runs on ", text)


def test_a_study_is_not_touched_by_another(both: Both) -> None:
    study = both.study.another("tiny")
    with contextlib.chdir(both.folder):
        assert contents(study.paths.root, study.paths.figures) == both.smaller
    assert len(both.smaller) > 3 * len(study.panels)


def test_whichever_study_is_named_the_site_is_the_same(both: Both) -> None:
    with contextlib.chdir(both.folder):
        before = contents(Path("reports"))
        build.build(both.study.another("tiny"))
        assert contents(Path("reports")) == before


#: The arm that the half done study lacks.
LOST = "mnist_5k/mlp/wgan_clip/paper"


@pytest.fixture(scope="module")
def half(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A study one of whose arms has no evidence, and none of its experiments; decided from its own figures."""
    study = Study(synthetic.config(profile="larger"))
    folder = tmp_path_factory.mktemp("half")
    with contextlib.chdir(folder):
        synthetic.write(study, experiments=False)
        shutil.rmtree(study.paths.arm(LOST))
        collect.collect(study)
        synthetic.draw(study, experiments=False)
        decide.decide(study)
        build.build(study)
    return Built(folder, study)


def test_tables_are_of_the_arms_that_are_there(half: Built) -> None:
    for name in ("runs.csv", "curves.parquet", "quality.parquet", "summary.csv", "tracking.csv"):
        arms = set(half.table(name)[synthetic.ARM].agg("/".join, axis=1))
        assert arms == set(half.study.arms) - {LOST}, name


def test_the_pages_of_a_study_half_done_say_which_arms_are_missing(half: Built) -> None:
    with contextlib.chdir(half.folder):
        assert [str(page) for page in build.outputs(half.study) if not page.exists()] == []
    for name in ("index.html", "README.md"):
        text = re.sub(r"\\(.)", r"\1", half.read(name))
        assert f"; 3 arms, 1 more not run yet ({labels.arm(LOST)}); 0 experiments, " in text
        assert re.search(
            r"; 0 experiments, \d+ more not run yet \([\w ]+; [\w ]+; [\w ]+; …\)", text
        )
        assert re.search(
            r"Study larger: \d+ runs on .* failed\)\. 1 of its 4 arms is not there yet\.", text
        )
    rows = [row[0] for table in Page(half.read("index.html")).tables for row in table]
    assert "GAN (non-saturating)" in rows
    assert "WGAN (clip)" not in rows


def of_experiments() -> list[str]:
    return [p for p in registry.panels() if registry.panel_metadata(p).get("EXPERIMENTS")]


@pytest.mark.parametrize("panel", of_experiments())
def test_the_figure_of_an_experiment_that_was_not_run_says_so(half: Built, panel: str) -> None:
    asked = registry.panel_metadata(panel)["EXPERIMENTS"]
    svg, csv = (half.folder / path for path in half.study.paths.panel(panel))
    said = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg.read_text()))
    waited = "experiment" if len(asked) == 1 else "experiments"
    assert said.startswith(f"Nothing to show: the {waited} {names.words(asked[0])}")
    assert all(names.words(experiment) in said for experiment in asked)
    assert csv.read_text().strip() == "seed"
    assert not (half.folder / half.study.paths.picture(panel)).exists()


def test_a_figure_of_two_experiments_names_the_one_that_was_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    first, second = "copies", "spectra"
    head = registry.panel_metadata(EXPERIMENT) | {"EXPERIMENTS": [first, second]}
    monkeypatch.setattr(registry, "panel_metadata", lambda panel: head)
    study = Study(synthetic.config())
    assert panels.reason(EXPERIMENT, study, None) == (
        f"the experiments {first} and {second} have not been run yet"
    )
    store.write_experiment(study.paths.experiment(first), pd.DataFrame({"seed": [0]}), {})
    assert panels.reason(EXPERIMENT, study, None) == f"the experiment {second} has not been run yet"


def test_claims_of_what_is_missing_are_not_tested_and_others_are(half: Built) -> None:
    with contextlib.chdir(half.folder):
        said = {verdict.id: verdict for verdict in board.read(half.study.paths)}
    silent = {p for p in registry.claim_panels() if p in of_experiments()}
    of_silent = [v for v in said.values() if {v.panel, *(o.panel for o in v.outcomes)} <= silent]
    assert of_silent
    assert {v.verdict for v in of_silent} == {NOT_TESTED}
    assert {v.verdict for v in said.values()} > {NOT_TESTED}


@pytest.mark.parametrize("which", ["both", "half"])
def test_tables_figures_claims_and_pages_are_made_where_nothing_but_evidence_is(
    which: str, request: pytest.FixtureRequest
) -> None:
    made = request.getfixturevalue(which)
    for folder in (made.folder / "results").iterdir():
        paths = Paths(folder)
        for place in (paths.dataset("x"), paths.classifier("x"), paths.run("x"), paths.scratch):
            assert not (folder / place.relative_to(folder).parts[0]).exists()
        assert not list(folder.rglob("*.safetensors"))


def test_a_study_lacks_no_experiment_that_it_does_not_run() -> None:
    laptop, overnight = (Study(PARAMS).another(name) for name in ("laptop", "overnight"))
    of_images = {
        name
        for name in registry.ids("experiments")
        if "IMAGES" in registry.metadata("experiments", name)
    }
    assert of_images
    more = set(budget.shown_experiments(overnight)) - set(budget.shown_experiments(laptop))
    assert more == of_images
