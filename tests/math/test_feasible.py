"""A test that its seeds cannot decide is refused with the number that could."""

import math
from pathlib import Path

import numpy as np
import pytest
import yaml
from scipy import stats
from stated import a_test

from replication.claims import rules, schema
from replication.claims.feasible import fits, unfit
from replication.claims.outcome import REPLICATED
from replication.claims.power import half_width, needed
from replication.plan.study import Study


def test_half_of_the_interval_is_that_of_students_t():
    """Of 10 values t at 99.5 % is 3.2498 on 9 degrees of freedom (printed tables)."""
    assert half_width(10, 2.0) == pytest.approx(3.2498 * 2 / math.sqrt(10), rel=1e-4)
    assert half_width(5, 2.0) == math.inf


@pytest.mark.parametrize("spread", [0.1, 0.19, 0.5, 2.0])
def test_the_number_needed_is_the_first_whose_interval_is_short_enough(spread):
    n = needed(0.2, spread)
    assert stats.t.ppf(0.995, n - 1) * spread / math.sqrt(n) < 0.2
    assert n == 6 or stats.t.ppf(0.995, n - 2) * spread / math.sqrt(n - 1) >= 0.2


def test_a_margin_that_no_interval_fits_is_refused():
    """Margin .1, spread .19: 99 % need n with 2.8 * .19 / sqrt(n) < .1, about 28."""
    test = a_test("equivalence", 0.1)
    said = fits(test, 10, 0.19)
    assert said == (
        "10 seeds of spread 0.19 have an interval of ±0.195, wider than the 0.1 that the test must "
        "tell; 28 seeds can"
    )
    assert fits(test, 28, 0.19) == ""
    # a factor of e^.1 is the same margin of logarithms
    assert fits(a_test("equal_ratio", math.exp(0.1)), 27, 0.19) != ""
    assert fits(a_test("equal_ratio", math.exp(0.1)), 28, 0.19) == ""
    assert fits(test, 27, 0.19) != ""
    # one that fits can hold: about equal values of this spread do, with an estimate on the target
    values = np.tile([-1.0, 1.0], 14)
    assert rules.judge(test, 0.19 * values / values.std(ddof=1)).verdict == REPLICATED


def test_what_must_be_told_is_the_way_from_null_to_threshold():
    assert fits(a_test("correlation", 0.7, null=0.4), 10, 0.3).count("wider than the 0.3 ")
    assert fits(a_test("ratio", 2.0), 6, 0.5).count("wider than the 0.693 ")
    assert fits(a_test("difference", 0.0), 6, 100.0) == ""  # asked for is any effect at all
    assert fits(a_test("mean", 0.03, direction="at most"), 6, 1.0) == ""
    assert fits(a_test("difference", 0.1), 6, 100.0).endswith("not even 1,000 seeds can")


def test_without_a_spread_only_the_fewest_seeds_are_asked_for():
    assert fits(a_test("difference", 0.1), 6) == ""
    assert fits(a_test("difference", 0.1), 5) == "5 seeds have no interval; 6 seeds can"
    assert fits(a_test("exact", 0.1), 1) == ""


@pytest.mark.parametrize(
    ("test", "fewest"),
    [
        (a_test("rate", 0.9, null=0.5), 6),  # 0.025^(1/6) = 0.541 is above one half, 0.025^(1/5) = 0.478 not
        (a_test("rate", 0.1, null=0.5, direction="at most"), 6),
        (a_test("zero_failures"), 10),
    ],
)  # fmt: skip
def test_runs_that_all_succeed_must_be_able_to_hold(test, fewest):
    assert fits(test, fewest) == ""
    assert fits(test, fewest - 1) == (
        f"{fewest - 1} runs cannot decide, however they go; {fewest} runs can"
    )


@pytest.mark.parametrize("kind", ["rate_difference", "paired_rate"])
def test_two_arms_must_be_able_to_differ(kind):
    test = a_test(kind, 0.3)
    fewest = next(n for n in range(1, 50) if not fits(test, n))
    values = [1.0] * fewest
    assert rules.judge(test, values, [0.0] * fewest).verdict == REPLICATED
    assert rules.judge(test, values[1:], [0.0] * (fewest - 1)).verdict != REPLICATED
    assert 4 <= fewest <= 10


def a_study(seeds: int) -> Study:
    """Ring games of so many seeds, beside an arm of two that is only shown."""
    ring = {"dataset": "ring", "net": "points", "methods": ["gan_ns"], "together": True}
    arms = [
        ring | {"variants": ["paper"], "seeds": seeds},
        ring | {"variants": ["decay"], "seeds": 2},
    ]
    raw = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
    raw["profiles"] = {"smoke": raw["profiles"]["smoke"] | {"arms": arms}}
    return Study(raw | {"profile": "smoke"})


def test_a_study_refuses_a_test_that_its_seeds_cannot_decide():
    """Of an equivalence with margin .1 and spread .19 28 seeds are the fewest, see above."""
    arms = ["ring/points/*"]
    test = a_test("equivalence", 0.1).model_copy(update={"spread": 0.19, "arms": arms})
    claim = next(schema.all_claims(schema.papers().values()))
    claim = claim.model_copy(update={"tests": [test]})
    (said,) = unfit(a_study(27), [claim])
    assert said.startswith(f"params.yaml: profiles.smoke.arms: {claim.id}: 27 seeds of spread 0.19")
    assert said.endswith("28 seeds can; give ring/points/* more seeds")
    assert not list(unfit(a_study(28), [claim]))
    assert not list(unfit(a_study(5), [claim]))  # shown, and decides nothing
    other = test.model_copy(update={"arms": ["grid/points/*"]})
    assert not list(unfit(a_study(27), [claim.model_copy(update={"tests": [other]})]))


def test_runs_of_arms_that_are_named_count_together():
    """Of no failure at all ten runs are the fewest, see above: six of one arm and six of another are enough."""
    ring = {"dataset": "ring", "net": "points", "variants": ["decay"], "together": True, "seeds": 6}
    raw = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
    arms = [ring | {"methods": ["gan_ns", "lsgan"]}]
    raw["profiles"] = {"smoke": raw["profiles"]["smoke"] | {"arms": arms}}
    study = Study(raw | {"profile": "smoke"})
    claim = next(schema.all_claims(schema.papers().values()))

    def of(*named: str) -> list[str]:
        changed = {"over": "runs", "arms": list(named)}
        test = a_test("zero_failures").model_copy(update=changed)
        return list(unfit(study, [claim.model_copy(update={"tests": [test]})]))

    assert of("ring/points/gan_ns/decay", "ring/points/lsgan/decay") == []
    assert len(of("ring/points/gan_ns/decay")) == 1
    assert len(of("ring/points/*/decay")) == 1  # each by itself


@pytest.mark.parametrize("profile", ["smoke", "laptop", "overnight", "workstation", "paper"])
def test_no_profile_plans_a_test_that_its_seeds_cannot_decide(profile):
    claims = schema.all_claims(schema.papers().values())
    assert not list(unfit(Study().another(profile), claims))
