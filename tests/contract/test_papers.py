"""Every paper.yaml: complete, sound, and with every claim of the benchmark exactly once."""

from __future__ import annotations

import ast
import copy
import datetime
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from replication.claims import arms, schema
from replication.claims.claim import Claim
from replication.claims.criterion import CERTAIN, EQUAL
from replication.claims.rules import FAILING
from replication.claims.schema import PAPERS, PaperError, load, papers
from replication.plan import registry
from replication.plan.config import ConfigError
from replication.plan.study import Study, matches, planned

ROOT = Path(__file__).parents[2]

FOLDERS = sorted(papers())

CLAIMS = [claim for paper in papers().values() for claim in paper.claims]

RAW: dict[str, Any] = yaml.load((PAPERS / "wgan2017" / "paper.yaml").read_text(), schema.Words)

#: The places of claims in it.
AT = {claim["id"]: place for place, claim in enumerate(RAW["claims"])}


def test_claims_are_numbered_without_a_gap_and_each_paper_has_its_own_letters():
    prefixes = {
        name: {c.id.partition("-C")[0] for c in paper.claims} for name, paper in papers().items()
    }
    assert all(len(found) == 1 for found in prefixes.values())
    assert len(set().union(*prefixes.values())) == len(prefixes)
    for paper in papers().values():
        numbers = [re.fullmatch(r"(\d+)([a-z]?)", c.id.partition("-C")[2]) for c in paper.claims]
        letters: dict[int, str] = {}
        for number in numbers:
            assert number is not None
            letters[int(number[1])] = letters.get(int(number[1]), "") + (number[2] or ".")
        assert list(letters) == list(range(1, len(letters) + 1))
        assert all(own == "." or own == "abcdef"[: len(own)] for own in letters.values())
        assert all(len(own) > 1 or own == "." for own in letters.values())


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
def test_a_claim_is_a_sentence_with_a_panel_that_exists(claim: Claim):
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
        "WGAN17-C4a/ring": ("correlation", "at most", 0.3),
        "WGAN17-C4c/grid": ("difference", "at least", 0.4),
        "WGAN17-C5/grid": ("correlation", "at most", 0.3),
        "WGAN17-C11a": ("mean", "at least", 0),
        "WGAN17-C11b": ("mean", "at most", 0),
        "WGAN17-C12a/depth_5": ("equivalence", "at least", 1),
        "WGAN17-C6": ("equal_ratio", "at least", 1.2),
        "WGAN17-C9/modes": ("zero_failures", "at least", 0),
        "WGP17-C3a": ("difference", "at least", 0.4),
        "TT17-C2": ("count", "at least", 5),
        "WGP17-C7a": ("correlation", "at most", -0.8),
        "LS17-C3/adam": ("rate_difference", "at least", 0.3),
        "SN18-C4": ("mean", "at least", 0.95),
        "KOR22-C5": ("correlation", "at most", -0.9),
        "PAC18-C1/grid": ("difference", "at least", 3),
    }.items():
        assert found[key] == expected, key


def test_a_null_is_one_that_the_claimed_effect_lies_beyond():
    """Else an interval could clear it while the effect has the other sign."""
    for claim in CLAIMS:
        for key, test in claim.keys.items():
            if test.kind not in ("exact", "count", *EQUAL, "zero_failures"):
                sign = 1 if test.direction == "at least" else -1
                assert sign * test.threshold >= sign * test.cleared, key


def test_a_failure_rate_that_runs_must_exclude_is_that_of_the_rule():
    failures = [test for c in CLAIMS for test in c.tests if test.kind == "zero_failures"]
    assert {test.null for test in failures} == {FAILING}


def test_a_test_of_nothing_random_stands_alone_with_its_threshold():
    exact = [test for c in CLAIMS for test in c.tests if test.kind in CERTAIN]
    assert {(test.null, test.over) for test in exact} == {(None, None)}
    assert all(test.cleared == test.threshold for test in exact)


def test_a_test_in_the_plane_and_one_of_a_calculation_are_two_verdicts():
    claim = next(one for one in CLAIMS if one.id == "GAN14-C1a")
    assert claim.settings == ["calculation", "2-D"]
    assert claim.native == "calculation"


def test_a_test_says_truly_when_it_was_written_down():
    """On a day of the project's history, a past one; what was changed is said where something is."""
    for claim in CLAIMS:
        for test in claim.tests:
            registered = claim.registration(test)
            assert datetime.date(2026, 11, 22) <= registered.on <= datetime.date.today()
            if claim.asked_of(test) and (test.panel or claim.panel) and registered.on.day == 22:
                assert "controls added on 2026-11-30" in str(registered.changed), claim.id


GONE = object()


def at(claim: str, *keys: Any) -> list[Any]:
    """A place in a claim."""
    return ["claims", AT[claim], *keys]


FAULTS: list[tuple[list[Any], Any, str]] = [
    (["citation", "yaer"], 2017, "citation.yaer: unknown key; did you mean 'year'?"),
    (["citation", "arxiv"], "1701.07875v3", "citation.arxiv: string should match pattern"),
    (["citation", "openreview"], "forum?id=7", "citation.openreview: string should match pattern"),
    (["citation", "year"], "2017", "citation.year: input should be a valid integer, found '2017'"),
    (["argues"], ["One. Sentence."], "argues: list should have at least 3 items"),
    (at("WGAN17-C1a", "id"), "WGAN17-C1aa", "claims.0.id: string should match pattern"),
    (at("WGAN17-C1a", "tiers"), ["T0"], "claims.0.tiers: unknown key"),
    (at("WGAN17-C7", "needs"), "measured", "needs: input should be 'all' or 'any'"),
    (at("WGAN17-C1a", "source"), "somewhere", "claims.0.source: input should be"),
    (at("WGAN17-C1a", "statement"), "two\nlines", "must be one line of text"),
    (at("WGAN17-C5", "tests", 1, "part"), "fid", "each of several tests needs its own part"),
    (at("WGAN17-C2a", "tests", 0, "threshold"), -1.0, "threshold and null of a ratio must be"),
    (
        at("WGAN17-C1a", "tests", 0, "kind"),
        "vibes",
        "claims.0.tests.0.kind: input should be 'exact'",
    ),
    (at("WGAN17-C1a", "tests", 0, "threshold"), float("nan"), "finite number"),
    (
        at("WGAN17-C6", "tests", 0, "threshold"),
        1.0,
        "the factor of two about equal numbers must be above 1",
    ),
    (at("WGAN17-C6", "tests", 0, "null"), 0.0, "the null of an equivalence is its threshold"),
    (at("WGAN17-C7", "tests", 1, "direction"), "at most", "swap the arms"),
    # what a test must state
    (at("WGAN17-C1a", "tests", 0, "setting"), GONE, "tests.0.setting: field required"),
    (
        at("WGAN17-C1a", "tests", 0, "setting"),
        "toy",
        "setting: input should be 'calculation', '2-D'",
    ),
    (at("WGAN17-C1a", "tests", 0, "statistic"), GONE, "tests.0.statistic: field required"),
    (at("WGAN17-C1a", "tests", 0, "direction"), GONE, "tests.0.direction: field required"),
    (at("WGAN17-C1a", "tests", 0, "reason"), GONE, "tests.0.reason: field required"),
    (at("WGAN17-C1a", "tests", 0, "unit"), GONE, "tests.0.unit: field required"),
    (at("WGAN17-C1b", "tests", 0, "null"), GONE, '"null": state the value that the interval'),
    (at("WGAN17-C1b", "tests", 0, "over"), GONE, "over: state what the interval is over"),
    (
        at("WGAN17-C1b", "tests", 0, "over"),
        "checkpoints",
        "over: input should be 'seeds', 'models'",
    ),
    (at("WGAN17-C1a", "tests", 0, "over"), "seeds", "over: a test of kind exact knows no chance"),
    (at("WGAN17-C1a", "tests", 0, "null"), 0.0, "null: a test of kind exact knows no chance"),
    (at("WGAN17-C1a", "uncontrolled"), GONE, "WGAN17-C1a: controls: name one, or say under"),
    (at("WGAN17-C6", "uncontrolled"), "none", "WGAN17-C6: uncontrolled: it has controls; take one"),
    (at("WGAN17-C4a", "registered"), None, "WGAN17-C4a/ring: registered: say on which day"),
    (at("WGAN17-C4a", "registered", "seen"), GONE, "registered.seen: field required"),
    (at("WGAN17-C4a", "registered", "on"), "lately", "registered.on: input should be a valid date"),
]


@pytest.mark.parametrize(("place", "value", "line"), FAULTS, ids=[f[2][:50] for f in FAULTS])
def test_a_fault_is_one_line_with_file_and_place(
    tmp_path: Path, place: list[Any], value: Any, line: str
):
    raw: Any = copy.deepcopy(RAW)
    inner = raw
    for key in place[:-1]:
        inner = inner[key]
    if value is GONE:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
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
    with pytest.raises(PaperError, match="WGAN17-C1a: a claim of one and of two; rename one"):
        papers.__wrapped__()


def test_claims_and_verdicts_need_no_torch():
    code = "import sys, replication.claims.verdicts; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_arms_that_no_profile_has_are_an_error_with_file_claim_pattern_and_the_nearest():
    config = Study(ROOT / "params.yaml").config
    arms.check(config)
    changed = config.model_copy(update={"profiles": {
        name: budget.model_copy(update={"arms": [
            own for own in budget.arms if "decay_pacgan2" not in own.variants or own.dataset != "grid"
        ]}) for name, budget in config.profiles.items()
    }})  # fmt: skip
    with pytest.raises(ConfigError) as caught:
        arms.check(changed)
    lines = str(caught.value).splitlines()
    assert [line.partition(": no profile")[0] for line in lines] == [
        f"replication/papers/pacgan2018/paper.yaml: PAC18-C{n}" for n in (1, 2, 3)
    ]
    assert all(
        line.endswith("has an arm 'grid/points/gan_ns/decay_pacgan2'; did you mean 'ring/points/gan_ns/decay_pacgan2'?")
        for line in lines
    )  # fmt: skip
    alone = config.model_copy(update={"profiles": {"smoke": config.profiles["smoke"]}})
    arms.check(alone)  # somebody's own study


def test_the_arms_of_a_test_are_checked_as_those_of_a_control_are():
    claim = next(one for one in CLAIMS if one.id == "WGAN17-C11a")
    (test,) = claim.tests
    wrong = claim.model_copy(update={"tests": [test.model_copy(update={"arms": ["rung/*"]})]})
    toys = ("wgan_clip/decay_clip_0.1_n_critic_15", "gan_minimax/decay_n_critic_1")
    profiles = {"laptop": [f"grid/points/{toy}" for toy in toys]}
    assert list(arms.unknown(profiles, [claim])) == []
    assert [line.partition("arm ")[2][:8] for line in arms.unknown(profiles, [wrong])] == [
        "'rung/*'"
    ]


def test_image_tests_fit_the_arms_of_the_committed_studies():
    """Where a test names arms of images on convolutional nets, laptop or overnight has them."""
    every = planned(Study(ROOT / "params.yaml").config)
    planned_there = every["laptop"] + every["overnight"]
    patterns = {
        p
        for c in CLAIMS
        for t in c.tests
        for p in t.arms
        if p.startswith("@images/") and "mlp" not in p
    }
    assert patterns
    for pattern in patterns:
        assert any(matches(arm, [pattern]) for arm in planned_there), pattern


def test_a_paper_stands_for_all_of_its_panels():
    own = [panel for panel in registry.panels() if panel.startswith("wgan2017/")]
    assert len(own) > 1
    assert registry.panels_of(["wgan2017", "theory/piles"]) == [*own, "theory/piles"]
    with pytest.raises(registry.UnknownName, match=r"'wgan201'; did you mean 'wgan2017"):
        registry.panels_of(["wgan201"])
