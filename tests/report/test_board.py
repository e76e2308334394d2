"""The board of verdicts: every claim once, counts right, in words that stand without colour."""

from __future__ import annotations

import contextlib
import json
import math
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
import synthetic
from conftest import Built, Page

from replication.claims import outcome, schema, verdicts
from replication.claims.verdict import Verdict
from replication.claims.verdicts import PROFILE_OF
from replication.figures.results import MissingResult
from replication.report import build, claim, pages
from replication.words import numbers

CLAIMS = [one for paper in schema.papers().values() for one in paper.claims]

VERDICTS = {
    "GAN14-C1": "Verified",
    "WGAN17-C3": "Replicated",
    "WGAN17-C5": "Not replicated",
    "LS17-C4": "Not replicated",
    "GAN14-C3": "Inconclusive",
    "WGAN17-C9": "Not reached",
}


#: Claims that no panel measures.
UNWRITTEN = {one.id: "No test written" for one in CLAIMS if not one.panels}


def cards(text: str) -> dict[str, str]:
    """The text of every claim's card by its id, and that of nested tags removed."""
    found = re.findall(
        r'<article class="claim" id="claim-([^"]+)"[^>]*>(.*?)</article>', text, re.S
    )
    assert len(found) == len({name for name, _ in found})
    return {name.upper(): re.sub(r"<[^>]+>", " ", body) for name, body in found}


def papers(folder: Path) -> str:
    """The pages of all papers, one after the other."""
    return "".join((folder / "reports" / pages.of(p)).read_text() for p in pages.papers())


def rebuilt(built: Built, folder: Path, rows: object) -> Path:
    """The folder of a report with other verdicts."""
    shutil.copytree(built.folder, folder / "copy")
    with contextlib.chdir(folder / "copy"):
        built.study.paths.claims.write_text(json.dumps(rows))
        build.build(built.study)
    return folder / "copy"


def rows_of(built: Built) -> list[dict[str, object]]:
    return json.loads(built.claims.read_text())


def test_every_claim_has_one_card_one_sign_and_its_verdict(built: Built, page: Page) -> None:
    shown = cards(papers(built.folder))
    assert set(shown) == {one.id for one in CLAIMS}
    for one in CLAIMS:
        said = " ".join(shown[one.id].split())
        assert any(
            word in said
            for word in (VERDICTS.get(one.id, "Not tested"), UNWRITTEN.get(one.id, "-"))
        )
        assert " ".join(page_text(one.statement).split()) in said
    signs = [a for tag, a in page.tags if tag == "a" and a.get("class", "").startswith("sign")]
    places = {f"{pages.of(c.paper)}#claim-{c.id.lower()}": 1 for c in CLAIMS}
    assert Counter(a["href"] for a in signs) == places
    assert all(
        re.search(
            r": (not )?(verified|replicated|reached|tested)|: inconclusive|: no test",
            a["aria-label"],
        )
        for a in signs
    )
    scales = {"GAN14-C1": "calculation", "GAN14-C3": "toy", "WGAN17-C5": "toy", "WGAN17-C9": "toy"}
    for a in signs:
        name = a["href"].partition("#claim-")[2].upper()
        assert a["title"] == a["aria-label"]
        assert name not in scales or a["title"].endswith(f", {scales[name]}")
        assert name in VERDICTS or a["title"] in (f"{name}: not tested", f"{name}: no test written")


def page_text(text: str) -> str:
    """As the page escapes it."""
    return (
        text.replace("&", "&amp;").replace("'", "&#39;").replace("<", "&lt;").replace(">", "&gt;")
    )


def test_a_claim_stands_on_the_page_of_its_paper_tested_ones_first(built: Built) -> None:
    for name, paper in schema.papers().items():
        shown = [c.upper() for c in re.findall(r'id="claim-([^"]+)"', built.read(pages.of(name)))]
        assert sorted(shown) == sorted(one.id for one in paper.claims)
        tested = [one in VERDICTS for one in shown]
        assert tested == sorted(tested, reverse=True)


def test_an_untested_claim_says_which_profile_would_test_it(built: Built) -> None:
    shown = cards(papers(built.folder))
    for row in rows_of(built):
        if row["verdict"] in outcome.UNTESTED:
            profile = PROFILE_OF[next(c for c in CLAIMS if c.id == row["id"]).tiers[0]]
            assert f"(profile {profile})" in shown[row["id"]]


@pytest.mark.parametrize("name", ["index.html", "README.md"])
def test_counts_are_those_of_the_verdicts(built: Built, name: str) -> None:
    unwritten = sum(not one.panels for one in CLAIMS)
    left = len(CLAIMS) - len(VERDICTS) - unwritten
    line = (
        f"5 of {len(CLAIMS)} claims tested: 1 verified, 1 replicated, 2 not replicated, 1 inconclusive. "
        f"1 not reached, {left} not tested, {unwritten} no test written."
    )
    assert built.read(name).count(line) == 1


def test_markdown_counts_each_paper_and_lists_what_was_tested(built: Built) -> None:
    lines = [line for line in built.read("README.md").splitlines() if line.startswith("| ")]
    tested = [line for line in lines if re.match(r"\| [A-Z]+\d\d-C\d+, T", line)]
    assert {line.split(",")[0].strip("| ") for line in tested} == set(VERDICTS)
    assert "| [Arjovsky et al. 2017](wgan2017.md) | 0 | 1 | 0 | 1 | 0 | 0 | 1 | 7 | 2 |" in lines


def test_a_card_has_the_numbers_of_its_verdict(built: Built) -> None:
    said = {name: " ".join(text.split()) for name, text in cards(papers(built.folder)).items()}
    values = synthetic.EVIDENCE["LS17-C4"]
    row = next(row for row in rows_of(built) if row["id"] == "LS17-C4")
    (test,) = row["outcomes"]
    mean = math.fsum(values) / 6
    assert test["estimate"] == pytest.approx(mean)
    shown = numbers.estimate(mean, test["low"], test["high"])
    assert f"{shown} relative" in said["LS17-C4"]
    assert "asked for: within 0.1 of 0" in said["LS17-C4"]
    assert "n = 6" in said["LS17-C4"]
    assert f"p {row['p']:.2g} against a difference of 0.1" in said["LS17-C4"]
    assert next(c for c in CLAIMS if c.id == "LS17-C4").tests[0].statistic in said["LS17-C4"]
    assert "against 0.3" in said["WGAN17-C5"]
    assert "asked for: at most 0.03" in said["GAN14-C1"]
    assert "calculated" in said["GAN14-C1"]
    assert "2 of 4 tests measured" not in said["LS17-C4"]
    assert "1 of 4 tests measured" in said["GAN14-C1"]
    assert "6 seeds or more can" in said["GAN14-C3"]
    assert "asked for: no failure" in said["WGAN17-C9"]
    assert "mode: not measured, at least 0.9 share of samples asked for" in said["WGAN17-C9"]


@pytest.mark.parametrize("name", ["index.html", "README.md"])
def test_the_board_counts_by_scale_what_was_tested(built: Built, name: str) -> None:
    tested = [row["tier"] for row in rows_of(built) if row["verdict"] not in outcome.UNTESTED]
    said = re.search(r"By setting: (.*?)\.", built.read(name))[1]
    parts = dict(part.split(": ") for part in said.split("; "))
    found = {word: sum(map(int, re.findall(r"\d+", counts))) for word, counts in parts.items()}
    assert found == Counter(claim.WORDS[tier] for tier in tested)


def verdict_of(evidence: dict[str, list[float]], name: str) -> Verdict:
    every = verdicts.decide_all(evidence, "laptop", controls=synthetic.controls())
    return next(verdict for verdict in every if verdict.id == name)


def test_a_row_has_the_p_of_its_own_number_and_says_against_what() -> None:
    source = next(one for one in CLAIMS if one.id == "WGAN17-C5")
    grid = [0.9, 0.88, 0.93, 0.9, 0.87, 0.95]
    found = verdict_of(
        {"WGAN17-C5/ring": [0.2, 0.4, 0.1, 0.5, 0.3, 0.2], "WGAN17-C5/grid": grid}, source.id
    )
    shown = claim.view(found, source, {"benchmark/tracking_truth"})
    ring, own = found.outcomes
    assert found.p == own.p > ring.p
    assert found.settled is own
    assert own.p > 0.9999  # it refutes the claim
    one = numbers.p_value(own.p)
    assert shown.p == f"p {one} against 0.3; all tests together p {one}"
    assert shown.statistic == f"grid: {source.tests[1].statistic}"
    assert shown.share == "at toy scale; 0 of 2 tests hold"
    assert shown.others == f"? ring {ring.estimate:.3f} ({ring.low:.3f} to {ring.high:.3f})"


def test_the_figure_of_the_test_that_decides_comes_first() -> None:
    source = next(one for one in CLAIMS if one.id == "WGAN17-C1")
    evidence = {"WGAN17-C1": [0.0], "WGAN17-C1/critic": [0.5, 0.6, 0.4, 0.5, 0.55, 0.45]}
    shown = claim.view(verdict_of(evidence, source.id), source, set(source.panels))
    assert [one.panel for one in shown.figures] == ["wgan2017/trained_lines", "wgan2017/fig1"]
    assert shown.tier == "T1"
    assert shown.share == "at toy scale; 1 of 2 tests holds; 2 of 3 tests measured"
    exact = claim.view(verdict_of({"WGAN17-C1": [0.0]}, source.id), source, set(source.panels))
    assert exact.figures[0].panel == "wgan2017/fig1"
    assert (exact.tier, exact.n, exact.p) == ("T0", "calculated", "")


def test_a_count_has_no_interval_and_no_p() -> None:
    source = next(one for one in CLAIMS if one.id == "TT17-C2")
    shown = claim.view(verdict_of({"TT17-C2": [6.0]}, source.id), source, set())
    assert (shown.found, shown.unit, shown.interval) == ("6", "of 6 kinds", "")
    assert (shown.n, shown.p, shown.asked) == ("counted", "", "at least 5")


def test_tests_of_a_claim_stand_in_its_card(built: Built) -> None:
    page = Page(papers(built.folder))
    tables = [t for t, kind in zip(page.tables, page.kinds, strict=True) if kind == "tests"]
    assert len(tables) == len(CLAIMS)
    by_first = {table[1][0].split("|")[0]: table for table in tables}
    tests = next(c.tests for c in CLAIMS if c.id == "GAN14-C1")
    own = next(t for key, t in by_first.items() if tests[0].statistic in key)
    assert len(own) == 1 + len(tests)
    assert own[1][-1].startswith("= verified")
    assert own[2][-1].startswith("– not tested")


def test_a_claim_without_decisions_is_counted_in_words(built: Built, tmp_path: Path) -> None:
    rows = [row for row in rows_of(built) if row["verdict"] in outcome.UNTESTED]
    folder = rebuilt(built, tmp_path, rows)
    unwritten = sum(row["verdict"] == outcome.NO_TEST for row in rows)
    text = (folder / "reports/index.html").read_text()
    assert (
        f"0 of {len(rows)} claims tested. {len(rows) - unwritten} not tested, {unwritten} no test"
        in text
    )
    assert len(cards(papers(folder))) == len(rows)


def test_hostile_words_of_a_claim_stay_text(built: Built, tmp_path: Path) -> None:
    evil = '<script>alert("1")</script> | `x` [y](http://z)'
    rows = rows_of(built)
    for row in rows:
        row.update(statement=evil, note=evil)
        for part in row["outcomes"]:
            part.update(statistic=evil, note=evil, unit=evil)
    rebuilt(built, tmp_path, rows)
    for page in (tmp_path / "copy/reports").glob("*.html"):
        assert [tag for tag, _ in Page(page.read_text()).tags].count("script") == 1
    markdown = (tmp_path / "copy/reports/README.md").read_text()
    assert "<script" not in markdown.replace("\\<", "")
    row = next(line for line in markdown.splitlines() if line.startswith("| GAN14-C1"))
    assert len(re.findall(r"(?<!\\)\|", row)) == 8


def test_no_file_of_verdicts_is_one_line_with_the_command(built: Built, tmp_path: Path) -> None:
    shutil.copytree(built.folder, tmp_path / "copy")
    with contextlib.chdir(tmp_path / "copy"):
        built.study.paths.claims.unlink()
        remedy = r"^\S*tiny/claims\.json: .*: replication claims --study tiny$"
        with pytest.raises(MissingResult, match=remedy):
            build.build(built.study)
