"""A study that is restricted to some claims, and arms that stand apart."""

from __future__ import annotations

import pytest

from replication.claims import arms
from replication.plan import recipes, registry
from replication.plan.config import Arms, ConfigError
from replication.plan.study import Study, arms_named, experiments, spelled_out

STUDY = Study().another("overnight")


def restricted(claims: str) -> Study:
    return Study(STUDY.config.model_copy(update={"only": arms.only(claims)}))


def test_a_pattern_is_spelled_out_with_a_net_and_the_beginning_of_a_variant() -> None:
    assert spelled_out("mnist/dcgan_16/*/setting_?")
    assert spelled_out("*/dcgan_16/gan_ns/paper")
    assert spelled_out("mnist/grid_*/*/paper")
    for pattern in ("*", "@images/*", "@images/dcgan*/gan_ns/paper", "mnist/dcgan_16/gan_ns/*"):
        assert not spelled_out(pattern)


def test_an_arm_that_stands_apart_fits_only_what_is_spelled_out() -> None:
    apart, shared = "mnist/dcgan_16/gan_ns/beta1_0.9", "mnist/dcgan_16/gan_ns/paper"
    assert apart in STUDY.apart
    assert shared not in STUDY.apart
    for pattern in ("@images/*", "*", "@images/dcgan*/gan_ns/*"):
        assert STUDY.fits(shared, [pattern])
        assert not STUDY.fits(apart, [pattern])
    assert STUDY.fits(apart, ["@images/*", apart])


def test_a_claim_restricts_a_study_to_its_arms_and_experiments() -> None:
    study = restricted("EB17-C7")
    assert list(study.arms) == ["mnist/dcgan_16/ebgan/paper", "mnist/dcgan_16/ebgan/pretrained"]
    assert study.experiments == ()
    assert restricted("AB17-C1").arms == {}
    assert restricted("AB17-C1").experiments == ("fresh_discriminators",)


def test_a_claim_may_be_named_without_its_letter_and_several_with_commas() -> None:
    assert arms.only("SN18-C6") == arms.only("SN18-C6a, SN18-C6b")
    assert len(arms.only("SN18-C6")) == 3


def test_what_a_claim_needs_is_planned_once_and_as_without_restriction() -> None:
    for arm, runs in restricted("WGP17-C8").arms.items():
        assert runs == STUDY.arms[arm]


def test_an_unknown_claim_is_answered_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match="did you mean 'WGP17-C5a'"):
        arms.only("WGP17-C5aa")


def test_experiments_of_images_are_run_where_images_are_trained_on() -> None:
    heads = {name: registry.metadata("experiments", name) for name in registry.ids("experiments")}
    of_images = {name for name, head in heads.items() if "IMAGES" in head}
    assert {"fresh_discriminators", "frozen_dcgans"} <= of_images
    found = experiments(STUDY.config)
    assert of_images <= set(found["overnight"])
    assert not of_images & {*found["smoke"], *found["laptop"]}


def test_random_settings_are_the_draws_that_params_names() -> None:
    from replication.tensors.draws import Draws

    for n in range(1, 21):
        rate, beta, steps, norm = Draws((n,)).uniform("search", 0, (4,))[0].tolist()
        change = STUDY.config.variants[f"search_{n}"].change
        assert change["critic_lr"] == pytest.approx(10 ** (-5 + 3 * rate), rel=0.06)
        assert change["betas"][0] == pytest.approx(beta, abs=0.006)
        assert change["n_critic"] == (5 if steps >= 0.5 else 1)
        assert change["critic_norm"] == ("batch" if norm >= 0.5 else "none")


def test_joined_variants_change_a_recipe_one_after_the_other() -> None:
    """Weight norm takes the place of batch norm, and setting D is another optimiser: neither undoes the other."""
    joined = recipes.recipe(STUDY.config, "gan_ns", "weight_norm+setting_d")
    assert joined.critic_norm == "none"
    assert joined.techniques == {"weight_norm": {}}
    assert (joined.critic_lr, joined.betas, joined.n_critic) == (0.001, (0.5, 0.9), 5)


def test_the_later_of_two_joined_variants_wins() -> None:
    for later, rate in (("setting_d", 0.001), ("setting_b", 0.0001)):
        earlier = {"setting_d": "setting_b", "setting_b": "setting_d"}[later]
        assert recipes.recipe(STUDY.config, "gan_ns", f"{earlier}+{later}").critic_lr == rate


def test_a_family_of_nets_is_an_arm_each() -> None:
    grid = [name for name in STUDY.config.nets if name.startswith("grid_")]
    arms = Arms(dataset="mnist", net="grid_*", methods=["ebgan"])
    assert arms_named(STUDY.config, arms) == [f"mnist/{net}/ebgan/paper" for net in grid]
    assert len(grid) == 30
