"""Every paper.yaml: complete, sound, and with every claim of the benchmark exactly once."""

from __future__ import annotations

import ast
import copy
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from replication.claims import schema
from replication.claims.schema import PAPERS, PaperError, load, papers
from replication.plan import registry

FOLDERS = sorted(papers())

CLAIMS = [claim for paper in papers().values() for claim in paper.claims]

RAW: dict[str, Any] = yaml.safe_load((PAPERS / "wgan2017" / "paper.yaml").read_text())


def test_claims_are_numbered_without_a_gap_and_each_paper_has_its_own_letters():
    prefixes = {
        name: {c.id.partition("-C")[0] for c in paper.claims} for name, paper in papers().items()
    }
    assert all(len(found) == 1 for found in prefixes.values())
    assert len(set().union(*prefixes.values())) == len(prefixes)
    for paper in papers().values():
        numbers = [claim.id.partition("-C")[2] for claim in paper.claims]
        assert numbers == [str(i + 1) for i in range(len(numbers))]


def test_every_paper_has_its_folder_with_a_docstring():
    assert {path.parent.name for path in PAPERS.glob("*/*.py")} - {"papers"} >= set(FOLDERS)
    for folder in FOLDERS:
        assert ast.get_docstring(ast.parse((PAPERS / folder / "__init__.py").read_text()))


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_is_named_for_a_paper_that_can_be_found(folder: str):
    citation = papers()[folder].citation
    assert citation.arxiv or citation.openreview, "a reader must find the paper"
    assert str(citation.year) in folder


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_a_paper_argues_is_three_sentences(folder: str):
    for sentence in papers()[folder].argues:
        assert re.fullmatch(r"[A-Z].{30,}[^.]\.", sentence)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_claim_is_a_sentence_with_a_panel_that_exists(claim: schema.Claim):
    assert re.match(r"[A-Z].*[.)]$", claim.statement)
    assert set(claim.panels) <= set(registry.panels())


def test_the_panels_of_a_claim_have_evidence_on_it():
    for claim in CLAIMS:
        for panel in claim.panels:
            assert (
                panel not in registry.claim_panels()
                or claim.id in registry.panel_source(panel).read_text()
            )


def test_no_statement_and_no_evidence_key_stands_twice():
    statements = [claim.statement for claim in CLAIMS]
    assert len(set(statements)) == len(statements)
    keys = [key for claim in CLAIMS for key in claim.keys]
    assert len(set(keys)) == len(keys)


def test_a_relative_or_share_threshold_is_no_percentage():
    for claim in CLAIMS:
        for key, test in claim.keys.items():
            if (
                test.unit == "relative"
                or test.unit.startswith("share")
                or test.kind in ("correlation", "rate")
            ):
                assert -1 <= test.threshold <= 1, key


def test_thresholds_as_the_ledger_of_claims_has_them():
    found = {key: (t.kind, t.direction, t.threshold) for c in CLAIMS for key, t in c.keys.items()}
    for key, expected in {
        "GAN14-C3": ("ratio", "at least", 10),
        "AB17-C1": ("mean", "at most", 500),
        "WGAN17-C3/fid": ("correlation", "at least", 0.7),
        "WGAN17-C3/grid": ("correlation", "at least", 0.7),
        "WGAN17-C4/gan_ring": ("correlation", "at most", 0.3),
        "WGAN17-C4/difference_grid": ("difference", "at least", 0.4),
        "WGAN17-C5/grid": ("correlation", "at most", 0.3),
        "WGAN17-C11/wgan": ("mean", "at least", 0),
        "WGAN17-C11/gan": ("mean", "at most", 0),
        "WGAN17-C12/exponent_5": ("equivalence", "at least", 1),
        "WGAN17-C6": ("equivalence", "at least", 0.2),
        "WGAN17-C9": ("zero_failures", "at least", 0),
        "WGP17-C3/share": ("difference", "at least", 0.4),
        "TT17-C2": ("count", "at least", 5),
        "WGP17-C7/falls": ("correlation", "at most", -0.8),
        "LS17-C3/adam": ("rate_difference", "at least", 0.3),
        "SN18-C4": ("mean", "at least", 0.95),
        "KOR22-C5": ("correlation", "at most", -0.9),
        "PAC18-C1/grid": ("difference", "at least", 3),
    }.items():
        assert found[key] == expected, key


@pytest.mark.parametrize(
    ("criterion", "cleared"),
    [
        ({"kind": "difference", "threshold": 0.1}, 0),
        ({"kind": "difference", "threshold": -0.05}, -0.05),  # no worse than by 5 %
        ({"kind": "ratio", "threshold": 2.0}, 1),
        ({"kind": "ratio", "threshold": 0.5, "direction": "at most"}, 1),
        ({"kind": "ratio", "threshold": 1.25, "direction": "at most"}, 1.25),
        ({"kind": "mean", "threshold": 0.03, "direction": "at most"}, 0.03),
        ({"kind": "correlation", "threshold": -0.8, "direction": "at most"}, 0),
        ({"kind": "correlation", "threshold": 0.3, "direction": "at most"}, 0.3),
        ({"kind": "correlation", "threshold": 0.7, "null": 0.4}, 0.4),
    ],
)
def test_what_an_interval_must_clear(criterion: dict[str, Any], cleared: float):
    assert schema.Criterion(statistic="x", unit="u", **criterion).cleared == cleared


FAULTS: list[tuple[list[Any], Any, str]] = [
    (["citation", "yaer"], 2017, "citation.yaer: unknown key; did you mean 'year'?"),
    (["citation", "arxiv"], "1701.07875v3", "citation.arxiv: string should match pattern"),
    (["citation", "openreview"], "forum?id=7", "citation.openreview: string should match pattern"),
    (["citation", "year"], "2017", "citation.year: input should be a valid integer, found '2017'"),
    (["argues"], ["One. Sentence."], "argues: list should have at least 3 items"),
    (["claims", 0, "id"], "WGAN-1", "claims.0.id: string should match pattern"),
    (["claims", 0, "tiers"], ["T1", "T0"], "tiers must be listed once each, in order"),
    (["claims", 0, "source"], "somewhere", "claims.0.source: input should be"),
    (["claims", 0, "statement"], "two\nlines", "must be one line of text"),
    (["claims", 1, "tests", 1, "part"], "gradient", "each of several tests needs its own part"),
    (
        ["claims", 1, "tests", 0, "threshold"],
        -1.0,
        "threshold and null of a ratio must be positive",
    ),
    (["claims", 1, "tests", 0, "kind"], "vibes", "claims.1.tests.0.kind: input should be 'exact'"),
    (["claims", 1, "tests", 0, "threshold"], float("nan"), "finite number"),
    (["claims", 5, "tests", 0, "threshold"], 0.0, "the margin of an equivalence must be positive"),
    (["claims", 6, "tests", 1, "direction"], "at most", "swap the arms"),
]


@pytest.mark.parametrize(("place", "value", "line"), FAULTS, ids=[f[2][:40] for f in FAULTS])
def test_a_fault_is_one_line_with_file_and_place(
    tmp_path: Path, place: list[Any], value: Any, line: str
):
    raw: Any = copy.deepcopy(RAW)
    at = raw
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = value
    path = tmp_path / "paper.yaml"
    path.write_text(yaml.safe_dump(raw))
    with pytest.raises(PaperError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (None, "no such file"),
        ("a: [", "not valid YAML"),
        ("- a", "expected keys and values, found list"),
    ],
)
def test_a_file_that_is_no_mapping(tmp_path: Path, text: str | None, line: str):
    path = tmp_path / "paper.yaml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(PaperError, match=line):
        load(path)


def test_two_papers_may_not_share_a_claim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "paper.yaml").write_text(yaml.safe_dump(RAW))
    monkeypatch.setattr(schema, "PAPERS", tmp_path)
    with pytest.raises(PaperError, match="WGAN17-C1: a claim of one and of two; rename one"):
        papers.__wrapped__()


def test_claims_and_verdicts_need_no_torch():
    code = "import sys, replication.claims.verdicts; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_paper_stands_for_all_of_its_panels():
    own = [panel for panel in registry.panels() if panel.startswith("wgan2017/")]
    assert len(own) > 1
    assert registry.panels_of(["wgan2017", "theory/piles"]) == [*own, "theory/piles"]
    with pytest.raises(registry.UnknownName, match=r"'wgan201'; did you mean 'wgan2017"):
        registry.panels_of(["wgan201"])
