"""What the front page begins with: findings by rule, and a table of claims whose parts fit the verdicts."""

from __future__ import annotations

import dataclasses
import math
import re
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from conftest import Built

from replication.claims.outcome import Outcome
from replication.plan import registry
from replication.report import catalogue, findings, marks, terms
from replication.report.marks import MARKS


def outcome(**said: Any) -> Outcome:
    """A test at least 0.5 against 0, of which some is otherwise."""
    plain = Outcome(
        claim="A17-C1", setting="images", test="", panel=None, kind="mean", statistic="s", unit="ρ",
        direction="at least", threshold=0.5, target=0.0, null=0.0, over="seeds", verdict="replicated",
    )  # fmt: skip
    return dataclasses.replace(plain, **said)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"estimate": 0.5}, 1.0), ({"estimate": 1.0}, 2.0), ({"estimate": -0.25}, -0.5), ({"estimate": 50.0}, 10.0),
        ({"estimate": -1.0, "threshold": -0.5, "direction": "at most"}, 2.0),
        ({"estimate": 100.0, "threshold": 10.0, "null": 1.0, "unit": "×"}, 2.0),
        ({"estimate": 1e-16, "threshold": 1e-6, "kind": "exact"}, 1.0), ({"estimate": math.nan}, 1.0),
    ],
)  # fmt: skip
def test_an_effect_is_measured_in_ways_from_the_null_to_the_threshold(
    said: dict[str, Any], expected: float
) -> None:
    assert marks.strength(outcome(**said)) == pytest.approx(expected)


def claim(
    paper: str,
    verdict: str,
    where: str,
    strength: float,
    beside: str = "",
    note: str = "on other nets",
) -> Any:
    """A claim whose head, and perhaps one more setting, came out somehow; its figure is ``<paper>/fig``."""
    figure = SimpleNamespace(panel=f"{paper}/fig")
    head = SimpleNamespace(
        verdict=verdict, setting=where, strength=strength, mark=MARKS[verdict], figures=[figure],
        interval="", found="1", study="laptop", unit="ρ", asked="at least 0.5", measure="s", note=note,
        gauge="",
    )  # fmt: skip
    settings = [head, SimpleNamespace(verdict=beside)] if beside else [head]
    said = f"{paper} says."
    return SimpleNamespace(
        id=f"{paper}-C1", anchor="a", statement=said, head=head, settings=settings
    )


@pytest.fixture
def no_panels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "panel_metadata", lambda panel: {})


def found_of(*claims: tuple[str, Any]) -> list[findings.Finding]:
    papers = [
        SimpleNamespace(page=f"{name}.html", short=name, tested=[one]) for name, one in claims
    ]
    drawn = {f"{name}/fig": SimpleNamespace(id=f"{name}/fig", title="t") for name, _ in claims}
    return findings.findings(SimpleNamespace(papers=papers), drawn)  # type: ignore[arg-type]


def order_of(*claims: tuple[str, Any]) -> list[str]:
    return [one.place.page.removesuffix(".html") for one in found_of(*claims)]


def test_surprises_come_first_then_the_larger_setting_then_the_larger_effect(
    no_panels: None,
) -> None:
    assert order_of(
        ("small", claim("small", "replicated", "images", 1.0)),
        ("large", claim("large", "replicated", "images", 3.0)),
        ("exact", claim("exact", "verified", "calculation", 1.0)),
        ("wrong", claim("wrong", "reversed", "2-D", -1.0)),
        ("split", claim("split", "replicated", "images", 9.0, beside="not replicated")),
        ("open", claim("open", "inconclusive", "images", 9.0)),
    ) == ["wrong", "split", "large", "small", "exact"]


def test_of_what_holds_in_one_setting_that_without_a_caveat_comes_first(no_panels: None) -> None:
    assert order_of(
        ("but", claim("but", "replicated", "images", 3.0)),
        ("plain", claim("plain", "replicated", "images", 1.0, note="")),
        ("plane", claim("plane", "replicated", "2-D", 9.0, note="")),
    ) == ["plain", "but", "plane"]


def test_a_finding_says_what_a_reader_must_know_of_its_test(no_panels: None) -> None:
    verdicts = ("not replicated", "replicated")
    against, for_it = found_of(*((v[:3], claim(v[:3], v, "2-D", 1.0)) for v in verdicts))
    assert against.number.endswith("threshold: at least 0.5. On other nets.")
    assert for_it.number.endswith("threshold: at least 0.5. On other nets.")


def test_a_paper_has_one_finding_and_there_are_five(no_panels: None) -> None:
    same = [("one", claim("one", "replicated", "images", s)) for s in (1.0, 2.0)]
    more = [(f"p{i}", claim(f"p{i}", "replicated", "2-D", 1.0)) for i in range(9)]
    found = order_of(*same, *more)
    assert len(found) == findings.COUNT
    assert found.count("one") == 1


def test_the_lead_has_a_number_for_every_method() -> None:
    rows = [("wgan_gp", "frozen", 0.9, 0.8, 0.95), ("gan_minimax", "rise", -1.0, -1.0, -0.2)]
    table = pd.DataFrame(rows, columns=["method", "test", "mean", "low", "high"])
    drawing = findings._methods(table)
    assert drawing.count("<circle") == drawing.count('class="interval"') == 2
    assert "WGAN-GP" in drawing
    assert "var(--black)" in drawing  # black turns white in the dark


def answers_of(page: str) -> list[str]:
    """The table of answers of a page, cell by cell."""
    [table] = re.findall(r'<table class="[^"]*answers[^"]*".*?</table>', page, re.DOTALL)
    cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", table, re.DOTALL)
    return [" ".join(re.sub("<[^>]*>", " ", cell).split()) for cell in cells]


def test_the_front_page_gives_the_answers_of_the_page_on_the_loss(built: Built) -> None:
    front, page = (built.read(name) for name in ("index.html", "can_i_read_my_loss.html"))
    assert answers_of(front) == answers_of(page)
    assert any(said.startswith("WGAN-GP") for said in answers_of(front))


@pytest.mark.parametrize(
    ("text", "label", "named"),
    [
        ("WGAN-GP trains", "WGAN-GP", True), ("WGAN-GP trains", "WGAN (clip)", False),
        ("Of a WGAN, too", "WGAN (clip)", True), ("EBGAN", "GAN (minimax)", False),
    ],
)  # fmt: skip
def test_a_method_is_named_by_a_word_of_its_own(text: str, label: str, named: bool) -> None:
    assert catalogue._names(text, label) == named


def test_a_term_is_explained_once_and_all_else_is_escaped() -> None:
    seen: set[str] = set()
    said = str(terms.marked("A critic & the critic: <b>, JS.", "glossary.html", seen))
    assert said.count('class="term"') == 2
    assert said.startswith('A <a class="term" href="glossary.html#the-game-critic-discriminator"')
    assert said.endswith(">JS</a>.")
    assert "&amp; the critic: &lt;b&gt;, " in said
    assert str(terms.marked("Another critic", "glossary.html", seen)) == "Another critic"
    assert "term" not in str(terms.marked("critical JSON", "glossary.html", set()))
