"""The board of verdicts: every claim once, counts right, in words that stand without colour."""

from __future__ import annotations

import contextlib
import html
import json
import math
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import synthetic
from conftest import SMALL, Built, Page
from test_page import own_scripts_only

from replication.claims import outcome, schema, verdicts
from replication.claims.evidence import Found, Place
from replication.claims.verdict import Verdict
from replication.figures.results import MissingResult
from replication.report import build, claim, pages, setting
from replication.words import numbers

CLAIMS = [one for paper in schema.papers().values() for one in paper.claims]

VERDICTS = {
    "GAN14-C1a": "Verified",
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
    plain = (
        (name, re.sub(r'<a class="term"[^>]*>([^<]*)</a>', r"\1", body)) for name, body in found
    )
    return {named(name): re.sub(r"<[^>]+>", " ", body) for name, body in plain}


def named(anchor: str) -> str:
    """The claim of ``gan14-c1a``."""
    return re.sub(r"(?<=\d)[A-Z]$", lambda letter: letter[0].lower(), anchor.upper())


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
    rows = rows_of_catalogue(page)
    places = {f"{pages.of(c.paper)}#claim-{c.id.lower()}" for c in CLAIMS}
    assert {row["place"] for row in rows.values()} == places
    for name, row in rows.items():
        assert row["paper"] == [next(c.paper for c in CLAIMS if c.id == name)]
        verdict = VERDICTS.get(name, "").lower().replace(" ", "-")
        assert verdict in ["", *row["verdict"]]
    settings = {
        "GAN14-C1a": "calculation", "GAN14-C3": "2-D", "WGAN17-C3": "small-images", "WGAN17-C9": "2-D"
    }  # fmt: skip
    assert {name: rows[name]["setting"] for name in settings} == {
        name: [setting] for name, setting in settings.items()
    }
    assert "wgan_clip" in rows["WGAN17-C3"]["method"]


def rows_of_catalogue(page: Page) -> dict[str, dict[str, Any]]:
    """What the filters of the front page know of each claim, and where its row leads, by the claim's id."""
    found: dict[str, dict[str, Any]] = {}
    row: dict[str, Any] = {}
    for tag, attributes in page.tags:
        if tag == "tr" and "data-paper" in attributes:
            row = {
                name: attributes[f"data-{name}"].split()
                for name in ("paper", "method", "verdict", "setting")
            }
        elif tag == "a" and "#claim-" in attributes.get("href", "") and row:
            row["place"] = attributes["href"]
            found[named(attributes["href"].partition("#claim-")[2])] = row
            row = {}
    return found


def page_text(text: str) -> str:
    """As the page escapes it."""
    return (
        text.replace("&", "&amp;").replace("'", "&#39;").replace("<", "&lt;").replace(">", "&gt;")
    )


def test_a_claim_stands_on_the_page_of_its_paper_tested_ones_first(built: Built) -> None:
    for name, paper in schema.papers().items():
        shown = [named(c) for c in re.findall(r'id="claim-([^"]+)"', built.read(pages.of(name)))]
        assert sorted(shown) == sorted(one.id for one in paper.claims)
        tested = [one in VERDICTS for one in shown]
        assert tested == sorted(tested, reverse=True)


def test_an_untested_claim_says_which_study_would_test_it(built: Built) -> None:
    shown = {name: " ".join(card.split()) for name, card in cards(papers(built.folder)).items()}
    notes = {
        row["id"]: row["note"] for row in rows_of(built) if row["verdict"] == outcome.NOT_TESTED
    }
    assert "planned in tiny, and not all of it has been run" in notes["GAN14-C2a"]
    for name, note in notes.items():
        assert note in html.unescape(shown[name])


@pytest.mark.parametrize("name", ["index.html", "README.md"])
def test_counts_are_those_of_the_verdicts(built: Built, name: str) -> None:
    unwritten = sum(not one.panels for one in CLAIMS)
    left = len(CLAIMS) - len(VERDICTS) - unwritten
    line = (
        f"5 of {len(CLAIMS)} claims tested. "
        f"1 not reached, {left} not tested, {unwritten} no test written."
    )
    assert built.read(name).count(line) == 1


def test_markdown_counts_each_paper_and_lists_what_was_tested(built: Built) -> None:
    lines = [line for line in built.read("README.md").splitlines() if line.startswith("| ")]
    tested = [line for line in lines if re.match(r"\| [A-Z]+\d\d-C\d+[a-z]?, \S", line)]
    assert {line.split(",")[0].strip("| ") for line in tested} == set(VERDICTS)
    own = [one for one in CLAIMS if one.paper == "wgan2017"]
    unwritten = sum(not one.panels for one in own)
    left = f"{len(own) - 3 - unwritten} | {unwritten} |"
    assert f"| [Arjovsky et al. 2017](wgan2017.md) | 0 | 1 | 0 | 1 | 0 | 0 | 1 | {left}" in lines


def test_a_card_has_the_numbers_of_its_verdict(built: Built) -> None:
    said = {name: " ".join(text.split()) for name, text in cards(papers(built.folder)).items()}
    values = synthetic.EVIDENCE["LS17-C4"]
    row = next(row for row in rows_of(built) if row["id"] == "LS17-C4")
    (test,) = row["outcomes"]
    mean = math.prod(values) ** (1 / 6)
    assert test["estimate"] == pytest.approx(mean)
    shown = numbers.estimate(mean, test["low"], test["high"])
    assert f"{shown} ×" in said["LS17-C4"]
    assert "threshold: within a factor of 1.2" in said["LS17-C4"]
    assert "6 seeds" in said["LS17-C4"]
    assert f"p {row['p']:.2g} against a factor of 1.2" in said["LS17-C4"]
    assert next(c for c in CLAIMS if c.id == "LS17-C4").tests[0].statistic in said["LS17-C4"]
    assert "against 0.3" in said["WGAN17-C5"]
    assert "threshold: at most 0.03" in said["GAN14-C1a"]
    assert "calculated" in said["GAN14-C1a"]
    assert "1 of 2 tests measured" in said["WGAN17-C5"]
    assert "6 seeds or more can" in said["GAN14-C3"]
    assert "threshold: no failure" in said["WGAN17-C9"]
    assert "not measured, needed at most 3" in said["WGAN17-C9"]


def test_a_card_has_each_setting_with_its_tests_and_why_they_ask_what_they_ask(
    built: Built,
) -> None:
    said = {
        name: html.unescape(" ".join(text.split()))
        for name, text in cards(papers(built.folder)).items()
    }
    card = said["GAN14-C1a"]
    assert "Beside it: 2-D – not tested" in card
    assert "Calculation, study tiny: = verified" in card
    assert "2-D, study tiny: – not tested" in card
    source = next(one for one in CLAIMS if one.id == "GAN14-C1a")
    for test in source.tests:
        registered = source.registration(test)
        assert f"Why this threshold: {test.reason}." in card
        assert f"Written down on {registered.on}; results seen by then: {registered.seen}." in card
    assert "Beside it: small images – not tested" in said["WGAN17-C9"]
    assert "Beside it" not in said["LS17-C4"]


def test_the_board_counts_by_setting_what_was_tested(built: Built) -> None:
    found = Counter(
        (row["setting"], row["verdict"])
        for row in rows_of(built)
        if row["verdict"] not in outcome.UNTESTED
    )
    lines = {}
    for (where, verdict), n in found.items():
        lines.setdefault(where, []).append(f"{n} {verdict}")
    assert set(lines) == {"calculation", "2-D", "small images"}
    text = built.read("README.md")
    for where, said in lines.items():
        told = re.search(rf"^- {re.escape(where)}: (.*)$", text, re.M)[1]
        assert sorted(told.split(", ")) == sorted(said)
        assert f"<li>{where[0].upper()}{where[1:]}: {told}</li>" in built.read("index.html")


def verdict_of(evidence: dict[str, list[float]], name: str, where: str) -> Verdict:
    every = verdicts.decide_all(Found(evidence, controls=synthetic.controls()), Place("laptop"))
    return next(one for one in every if (one.id, one.setting) == (name, where))


def test_a_row_has_the_p_of_its_own_number_and_says_against_what() -> None:
    source = next(one for one in CLAIMS if one.id == "WGAN17-C5")
    grid = [0.9, 0.88, 0.93, 0.9, 0.87, 0.95]
    found = verdict_of(
        {"WGAN17-C5/ring": [0.2, 0.4, 0.1, 0.5, 0.3, 0.2], "WGAN17-C5/grid": grid}, source.id, "2-D"
    )
    shown = setting.in_setting(found, source, {"can_i_read_my_loss/rivals_2d"})
    ring, own = found.outcomes
    assert found.p == own.p > ring.p
    assert found.settled is own
    assert own.p > 0.9999  # it refutes the claim
    one = numbers.p_value(own.p)
    assert shown.p == f"p {one} against 0.3; all tests together p {one}"
    assert shown.statistic == f"grid: {source.tests[-1].statistic}"
    assert shown.share == "0 of 2 tests hold"
    assert shown.others == f"? ring {ring.estimate:.3f} ({ring.low:.3f} to {ring.high:.3f})"


def test_settings_stand_side_by_side_the_paper_s_own_first() -> None:
    source = next(one for one in CLAIMS if one.id == "GAN14-C1a")
    far = [0.5, 0.6, 0.4, 0.5, 0.55, 0.45]
    found = {"GAN14-C1a": [0.0], "GAN14-C1a/trained": far}
    both = [verdict_of(found, source.id, where) for where in source.settings]
    shown = claim.view(both, source, set(source.panels) | {"goodfellow2014/trained_discriminator"})
    assert (shown.head.setting, str(shown.mark)) == ("calculation", "= verified")
    assert (shown.head.n, shown.head.p) == ("calculated", "")
    assert shown.beside == "2-D ✗ not replicated"
    assert [one.figures[0].panel for one in shown.settings] == [
        "goodfellow2014/optimal_discriminator",
        "goodfellow2014/trained_discriminator",
    ]
    images = claim.view(both, source.model_copy(update={"native": "images"}), set())
    assert (images.head.setting, images.beside) == ("2-D", "calculation = verified")


def test_a_count_has_no_interval_and_no_p() -> None:
    source = next(one for one in CLAIMS if one.id == "TT17-C2")
    found = verdict_of({"TT17-C2": [6.0]}, source.id, "small images")
    shown = setting.in_setting(found, source, set())
    assert (shown.found, shown.unit, shown.interval) == ("6", "of 6 kinds", "")
    assert (shown.n, shown.p, shown.asked) == ("counted", "", "at least 5")


def test_tests_of_a_claim_stand_in_its_card(built: Built) -> None:
    page = Page(papers(built.folder))
    tables = [t for t, kind in zip(page.tables, page.kinds, strict=True) if kind == "tests"]
    assert len(tables) == sum(len(one.settings) for one in CLAIMS)
    by_first = {table[1][0].split(SMALL)[0]: table for table in tables}
    tests = [t for c in CLAIMS if c.id == "WGAN17-C5" for t in c.tests if t.setting == "2-D"]
    own = next(t for key, t in by_first.items() if tests[0].statistic in key)
    assert len(own) == 1 + len(tests)
    assert own[1][-1].startswith("– not tested")
    assert own[2][-1].startswith("✗ not replicated")


def test_a_claim_without_decisions_is_counted_in_words(built: Built, tmp_path: Path) -> None:
    rows = [row for row in rows_of(built) if row["verdict"] in outcome.UNTESTED]
    folder = rebuilt(built, tmp_path, rows)
    written = {row["id"] for row in rows if row["verdict"] == outcome.NOT_TESTED}
    every = {row["id"] for row in rows}
    text = (folder / "reports/index.html").read_text()
    assert (
        f"0 of {len(every)} claims tested. {len(written)} not tested, {len(every - written)} no test"
        in text
    )
    assert len(cards(papers(folder))) == len(every)


def test_hostile_words_of_a_claim_stay_text(built: Built, tmp_path: Path) -> None:
    evil = '<script>alert("1")</script> | `x` [y](http://z)'
    rows = rows_of(built)
    for row in rows:
        row.update(statement=evil, note=evil)
        for part in row["outcomes"]:
            part.update(statistic=evil, note=evil, unit=evil)
    rebuilt(built, tmp_path, rows)
    for page in (tmp_path / "copy/reports").glob("*.html"):
        own_scripts_only(page.read_text())
    markdown = (tmp_path / "copy/reports/README.md").read_text()
    assert "<script" not in markdown.replace("\\<", "")
    row = next(line for line in markdown.splitlines() if line.startswith("| GAN14-C1a"))
    assert len(re.findall(r"(?<!\\)\|", row)) == 8


def test_no_file_of_verdicts_is_one_line_with_the_command(built: Built, tmp_path: Path) -> None:
    shutil.copytree(built.folder, tmp_path / "copy")
    with contextlib.chdir(tmp_path / "copy"):
        built.study.paths.claims.unlink()
        remedy = r"^\S*tiny/claims\.json: .*: replication claims --study tiny$"
        with pytest.raises(MissingResult, match=remedy):
            build.build(built.study)
