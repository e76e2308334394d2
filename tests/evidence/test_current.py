"""Evidence is current as long as what made it is what would make it now; else it is said what changed."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import made_up
import pytest
from made_up import DIGITS, JOBS, RING, leave

from replication.evidence import current, store
from replication.jobs import keys
from replication.jobs.files import ResultsError
from replication.plan.study import Study

OF_DIGITS = f"evaluate/{DIGITS}"
LONG_AGO = 10**18


@pytest.fixture
def study() -> Study:
    """A study with evidence of `JOBS`."""
    study = made_up.study()
    leave(study, JOBS)
    return study


def now(study: Study, job: str) -> dict[str, str]:
    return keys.made_by(dict(keys.every(study)), job)


def other(own: str, *, code: bool = False) -> str:
    """A key whose settings, or whose code, are others."""
    first, _, second = own.partition(".")
    return f"{first[::-1]}.{second}" if code else f"{first}.{second[::-1]}"


def files(study: Study, job: str) -> list[Path]:
    return dict(current.jobs(study))[job]


# ---------------------------------------------------------------- changed, stale


@pytest.mark.parametrize("job", JOBS)
def test_what_this_study_would_make_is_current(study: Study, job: str) -> None:
    assert current.said(study.paths, job) == now(study, job)
    assert current.changed(study.paths, job, now(study, job)) == []


def test_every_job_that_makes_evidence_is_looked_at(study: Study) -> None:
    found = [job for job, _ in current.jobs(study)]
    assert len(found) == len(set(found))
    verbs = ("evaluate/", "reference/", "experiment/")
    assert sorted(found) == sorted(job for job, _ in keys.every(study) if job.startswith(verbs))
    assert current.stale(study) == {}


@pytest.mark.parametrize(
    ("change", "stale"),
    [
        ({"critic_steps": 70}, {f"evaluate/{a}": [f"train/{a}/seed{s}" for s in (0, 1)] for a in (DIGITS, RING)}),
        ({"seeds": 3}, {f"evaluate/{a}": [f"train/{a}/seed2"] for a in (DIGITS, RING)}),
        ({"seeds": 1}, {f"evaluate/{a}": [f"train/{a}/seed1"] for a in (DIGITS, RING)}),
        ({"experiments": {"seeds": 9, "effort": 1.0}}, {JOBS[3]: [JOBS[3]]}),
    ],
)  # fmt: skip
def test_what_has_changed_is_named_and_nothing_else(
    study: Study, change: dict, stale: dict[str, list[str]]
) -> None:
    assert current.stale(made_up.study(**change)) == stale


@pytest.mark.parametrize(
    ("change", "kept"),
    [({}, (0, 1)), ({"seeds": 3}, (0, 1)), ({"seeds": 1}, (0,)), ({"critic_steps": 70}, ())],
)
def test_runs_whose_evidence_is_current_are_kept(
    study: Study, change: dict, kept: tuple[int, ...]
) -> None:
    other = made_up.study(**change)
    ids = {f"{DIGITS}/seed{seed}" for seed in kept}
    assert current.kept(study.paths, OF_DIGITS, now(other, OF_DIGITS)) == ids


def test_none_is_kept_where_scores_are_made_another_way_or_none_are_there(study: Study) -> None:
    evaluation = study.config.budget.evaluation.model_dump() | {"samples": 77}
    other = made_up.study(evaluation=evaluation)
    assert current.kept(study.paths, OF_DIGITS, now(other, OF_DIGITS)) == set()
    for missing in ("quality.parquet", "arm.json"):
        assert current.kept(study.paths, OF_DIGITS, now(study, OF_DIGITS)) != set()
        kept = (study.paths.arm(DIGITS) / missing).read_bytes()
        (study.paths.arm(DIGITS) / missing).unlink()
        assert current.kept(study.paths, OF_DIGITS, now(study, OF_DIGITS)) == set()
        (study.paths.arm(DIGITS) / missing).write_bytes(kept)


def test_another_protocol_makes_all_scores_stale_but_no_training(study: Study) -> None:
    evaluation = study.config.budget.evaluation.model_dump() | {"samples": 77}
    found = current.stale(made_up.study(evaluation=evaluation))
    assert found == {job: [job] for job in JOBS[:3]}


def test_evidence_that_is_not_there_is_not_stale() -> None:
    assert current.stale(made_up.study()) == {}


def test_the_settings_of_a_key_are_told_from_its_code(study: Study) -> None:
    made_by = now(study, OF_DIGITS)
    own = made_by[OF_DIGITS]
    assert len(current.settings(made_by, OF_DIGITS)) == 16
    assert current.settings({OF_DIGITS: other(own, code=True)}, OF_DIGITS) == own.split(".")[1]
    assert current.settings(made_by, "no such job") == ""


@pytest.mark.parametrize("text", ["", "[]", '{"runs": []}', '{"runs": [], "made_by": [1]}',
                                  '{"runs": [], "made_by": {"train/x": 1}}'])  # fmt: skip
def test_evidence_that_does_not_say_what_made_it_is_refused_in_one_line(
    study: Study, text: str
) -> None:
    (study.paths.arm(DIGITS) / "arm.json").write_text(text)
    with pytest.raises(ResultsError) as error:
        current.said(study.paths, OF_DIGITS)
    assert "\n" not in str(error.value)
    assert str(study.paths.evidence) in str(error.value)


# ---------------------------------------------------------------- mark


def is_asked_for(study: Study, job: str) -> bool:
    """Whether a key is newer than some of its evidence, as Snakemake looks at it."""
    oldest = min(file.stat().st_mtime_ns for file in files(study, job))
    return study.paths.key(job).stat().st_mtime_ns > oldest


@pytest.mark.parametrize("date", [LONG_AGO, 2 * LONG_AGO])
def test_current_evidence_is_newer_than_its_key_whenever_it_was_made(
    study: Study, date: int
) -> None:
    for job in JOBS:
        os.utime(files(study, job)[0], ns=(date, date))
    current.mark(study)
    assert [job for job in JOBS if is_asked_for(study, job)] == []
    every = dict(keys.every(study))
    for job, _ in current.jobs(study):
        made_by = json.loads(study.paths.key(job).read_text())
        assert made_by == keys.made_by(every, job), "with evidence or without"


@pytest.mark.parametrize("date", [LONG_AGO, 2 * LONG_AGO])
def test_stale_evidence_is_older_than_its_key(study: Study, date: int) -> None:
    for file in (file for job in JOBS for file in files(study, job)):
        os.utime(file, ns=(date, date))
    changed = made_up.study(critic_steps=70)
    current.mark(changed)
    assert [job for job in JOBS if is_asked_for(changed, job)] == JOBS[:2]


def test_what_is_made_again_is_current(study: Study) -> None:
    changed = made_up.study(critic_steps=70)
    current.mark(changed)
    leave(changed, JOBS[:2])
    current.mark(changed)
    assert not any(is_asked_for(changed, job) for job in JOBS)


def test_other_evidence_under_a_key_that_stayed_is_asked_for(study: Study) -> None:
    """As when git brings that of another commit, which is newer than the key."""
    current.mark(study)
    training = f"train/{DIGITS}/seed1"
    made_up.said(study.paths, OF_DIGITS, **{training: other(now(study, OF_DIGITS)[training])})
    current.mark(study)
    assert [job for job in JOBS if is_asked_for(study, job)] == [OF_DIGITS]


def test_marking_again_changes_nothing(study: Study) -> None:
    current.mark(study)
    before = {job: study.paths.key(job).stat().st_mtime_ns for job in JOBS}
    current.mark(study)
    assert before == {job: study.paths.key(job).stat().st_mtime_ns for job in JOBS}


def test_damaged_evidence_is_not_current(study: Study) -> None:
    current.mark(study)
    (study.paths.arm(DIGITS) / "arm.json").write_text("{")
    current.mark(study)
    assert [job for job in JOBS if is_asked_for(study, job)] == [OF_DIGITS]


def test_a_key_without_evidence_is_of_now() -> None:
    study, start = made_up.study(), time.time_ns()
    current.mark(study)
    # A file system may keep dates to the nearest few milliseconds only.
    assert study.paths.key(OF_DIGITS).stat().st_mtime_ns >= start - 10**8


# ---------------------------------------------------------------- accept


def test_accepted_code_stands_for_that_which_made_the_evidence(study: Study) -> None:
    own = now(study, OF_DIGITS)
    training = f"train/{DIGITS}/seed0"
    before = other(own[training], code=True)
    made_up.said(study.paths, OF_DIGITS, **{training: before})
    assert current.changed(study.paths, OF_DIGITS, own) == [training]
    current.accept(study.paths, {own[training]: {"for": before, "on": "a day"}})
    assert current.changed(study.paths, OF_DIGITS, own) == []
    assert current.stale(study) == {}
    current.mark(study)
    assert not is_asked_for(study, OF_DIGITS)
    later = own | {training: other(own[training])}
    assert current.changed(study.paths, OF_DIGITS, later) == [training], "of that code alone"


def test_acceptances_add_up_and_the_last_counts(study: Study) -> None:
    current.accept(study.paths, {"b": {"for": "1"}})
    current.accept(study.paths, {"a": {"for": "2", "job": "x"}, "b": {"for": "3"}})
    assert current.acceptances(study.paths) == {"a": "2", "b": "3"}
    assert list(current.accepted_file(study.paths)) == ["a", "b"]
    assert current.accepted_file(study.paths)["a"]["job"] == "x"


def test_no_acceptances_are_none(study: Study) -> None:
    assert current.acceptances(study.paths) == {}


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1}', '{"a": {}}', '"a"'])
def test_damaged_acceptances_end_in_one_line_before_anything_is_asked_for(
    study: Study, text: str
) -> None:
    """Else all evidence would count as stale, and all training would begin anew."""
    current.mark(study)
    (study.paths.evidence / "accepted.json").write_text(text)
    with pytest.raises(ResultsError, match=r"^[^\n]*accepted\.json: damaged; take it[^\n]*$"):
        current.mark(study)
    assert not any(is_asked_for(study, job) for job in JOBS)


def test_the_made_up_evidence_is_such_as_the_tables_read(study: Study) -> None:
    assert store.arms(study) == [DIGITS, RING]
    assert store.datasets(study, ["mnist_5k", "ring"]) == ["mnist_5k"]
