"""params.yaml: what is accepted, and the one line that each fault gives."""

from __future__ import annotations

import ast
import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from ruamel.yaml import YAML

from replication.plan import registry
from replication.plan.config import ConfigError, Experiments, Recipe
from replication.plan.params import load
from replication.plan.study import Study, checkpoint_steps, log_steps

ROOT = Path(__file__).parents[2]
PARAMS: dict[str, Any] = yaml.safe_load((ROOT / "params.yaml").read_text())


def changed(path: str, value: Any) -> dict[str, Any]:
    """The project's params with one value set."""
    raw = copy.deepcopy(PARAMS)
    *parents, last = path.split(".")
    at: Any = raw
    for key in parents:
        at = at[int(key)] if key.isdigit() else at[key]
    at[last] = value
    return raw


@pytest.mark.parametrize("profile", PARAMS["profiles"])
def test_every_profile_resolves(profile: str):
    study = Study(changed("profile", profile))
    assert study.runs
    for run_id, run in study.runs.items():
        assert run.id == run_id
        assert run.checkpoints[-1] == run.steps
        assert set(run.checkpoints) <= set(run.logs)


@pytest.mark.parametrize("method", registry.ids("methods"))
def test_every_method_has_a_whole_recipe(method: str):
    head = registry.metadata("methods", method)
    recipe = Recipe.model_validate(head["RECIPE"])
    assert recipe.source
    assert recipe.deviations
    assert head["LABEL"]
    assert head["COLOUR"].startswith("#")
    assert {"name", "symbol", "unit"} == head["ESTIMATE"].keys()


def test_colours_are_distinct():
    colours = [registry.metadata("methods", m)["COLOUR"] for m in registry.ids("methods")]
    assert len(set(colours)) == len(colours)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("profil", "smoke", "profil: unknown key; did you mean 'profile'?"),
        ("profile", "lapto", "profile: unknown name 'lapto'; did you mean 'laptop'?"),
        ("threads", "two", "threads: input should be a valid integer, found 'two'"),
        ("threads", 0, "threads: input should be greater than 0, found 0"),
        ("device", "gpu", "device: input should be 'auto', 'cpu' or 'cuda', found 'gpu'"),
        ("profiles.laptop.seedz", 3, "profiles.laptop.seedz: unknown key; did you mean 'seeds'?"),
        (
            "profiles.laptop.arms.0.dataset",
            "mnist5k",
            "profiles.laptop.arms.0.dataset: unknown name 'mnist5k'; did you mean 'mnist_5k'?",
        ),
        (
            "profiles.laptop.arms.0.methods",
            ["wgan_pg"],
            "profiles.laptop.arms.0.methods: unknown name 'wgan_pg'; did you mean 'wgan_gp'?",
        ),
        (
            "profiles.laptop.arms.0.net",
            "mpl",
            "profiles.laptop.arms.0.net: unknown name 'mpl'; did you mean 'mlp'?",
        ),
        (
            "profiles.laptop.arms.0.variants",
            ["papr"],
            "profiles.laptop.arms.0.variants: unknown name 'papr'; did you mean 'paper'?",
        ),
        (
            "profiles.laptop.arms.0.variants",
            ["setting_a+spectral_nrom"],
            "profiles.laptop.arms.0.variants: unknown name 'spectral_nrom'; did you mean 'spectral_norm'?",
        ),
        (
            "profiles.laptop.arms.0.net",
            "gird_*",
            "profiles.laptop.arms.0.net: unknown name 'gird_*'; did you mean 'grid_9'?",
        ),
        (
            "profiles.laptop.arms.0.metods",
            "all",
            "profiles.laptop.arms.0.metods: unknown key; did you mean 'methods'?",
        ),
        (
            "profiles.laptop.evaluation.sample",
            3,
            "profiles.laptop.evaluation.sample: unknown key; did you mean 'samples'?",
        ),
        (
            "methods",
            {"wgan_gp": {"critic_rl": 0.1}},
            "methods.wgan_gp.critic_rl: unknown key; did you mean 'critic_lr'?",
        ),
        (
            "methods",
            {"wgan_gp": {"critic_lr": "1e-4"}},
            "methods.wgan_gp.critic_lr: input should be a valid number, found '1e-4'",
        ),
        (
            "methods",
            {"wgan_gp": {"lambda_gp": "ten"}},
            "methods.wgan_gp.lambda_gp: expected float, found 'ten'",
        ),
        (
            "methods",
            {"wgan_gp": {"one_sided": 1}},
            "methods.wgan_gp.one_sided: expected bool, found 1",
        ),
        ("methods", {"wgan_pg": {}}, "methods: unknown name 'wgan_pg'; did you mean 'wgan_gp'?"),
        (
            "methods",
            {"sngan": {"loss": "hing"}},
            "methods.sngan.loss: unknown name 'hing'; did you mean 'hinge'?",
        ),
        (
            "methods",
            {"lsgan": {"coding": [0.0, 1.0]}},
            "methods.lsgan.coding: expected list of 3, found [0.0, 1.0]",
        ),
        (
            "own_data",
            {"mnist": "x.npz"},
            "own_data.mnist: a built-in data set has this name; choose another",
        ),
        (
            "nets.dcgan_64.settings",
            {"widht": 8},
            "nets.dcgan_64.settings.widht: unknown setting; did you mean 'width'?",
        ),
    ],
)
def test_a_fault_is_one_line_with_its_place_and_remedy(path: str, value: Any, said: str):
    raw = changed(path, value)
    if path.startswith("nets"):
        raw["profiles"]["laptop"]["arms"][0]["net"] = "dcgan_64"
    if path.startswith("methods"):  # an arm whose variant does not change the same key
        raw["profiles"]["laptop"]["arms"] = [{"dataset": "mnist_5k", "net": "mlp"}]
    with pytest.raises(ConfigError) as error:
        _ = Study(raw).runs
    assert str(error.value) == f"params.yaml: {said}"


def test_every_fault_is_told_at_once():
    raw = changed("threads", 0) | {"devise": "cpu"}
    with pytest.raises(ConfigError) as error:
        load(raw)
    assert len(str(error.value).splitlines()) == 2


def test_a_missing_or_broken_file_is_one_line(tmp_path: Path):
    with pytest.raises(
        ConfigError, match=r"no such file; run from the folder that holds params\.yaml"
    ):
        load(tmp_path / "params.yaml")
    broken = tmp_path / "params.yaml"
    broken.write_text("a: [1,")
    with pytest.raises(ConfigError, match="not valid YAML"):
        load(broken)
    broken.write_text("- a list")
    with pytest.raises(ConfigError, match="expected keys and values"):
        load(broken)


def test_an_unknown_run_names_the_nearest():
    study = Study(changed("profile", "smoke"))
    with pytest.raises(ConfigError, match="did you mean 'mnist_5k/mlp/wgan_gp/paper/seed0'"):
        study.run("mnist_5k/mlp/wgan_gp/papr/seed0")


def test_the_two_engines_read_the_same_numbers():
    # Snakemake reads YAML 1.1, DVC YAML 1.2: they disagree about 1e-4, 010 and on.
    assert YAML(typ="safe").load((ROOT / "params.yaml").read_text()) == PARAMS


def test_the_file_has_no_anchors_and_aliases():
    """DVC writes it anew for an experiment, and would write them out."""
    tokens = yaml.scan((ROOT / "params.yaml").read_text())
    assert not [t for t in tokens if isinstance(t, yaml.AnchorToken | yaml.AliasToken)]


def test_a_change_of_one_method_changes_its_runs_only():
    before = Study(changed("profile", "smoke")).runs
    raw = changed("methods", {"lsgan": {"critic_lr": 0.001}}) | {"profile": "smoke"}
    after = Study(raw).runs
    assert before.keys() == after.keys()
    assert {r for r in before if before[r] != after[r]} == {r for r in before if "/lsgan/" in r}


def test_steps():
    assert checkpoint_steps(1000, 4) == (125, 354, 650, 1000)
    assert log_steps(10, 4) == (2, 5, 8, 10)
    assert checkpoint_steps(2, 5) == (1, 2)


def test_a_component_is_one_file():
    assert "wgan_gp" in registry.ids("methods")
    assert not any(name.startswith("_") for kind in registry.KINDS for name in registry.ids(kind))
    with pytest.raises(
        registry.UnknownName, match="there is no method 'wgan_pg'; did you mean 'wgan_gp'"
    ):
        registry.source("methods", "wgan_pg")


def test_planning_imports_no_torch():
    import subprocess
    import sys

    code = "import sys; from replication.plan.study import Study; Study().runs; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_no_branch_on_a_methods_name():
    """A panel may choose a method's rows of a table; no code does one thing for one method, another for others."""
    for path in (ROOT / "replication").rglob("*.py"):
        for branch in ast.walk(ast.parse(path.read_text())):
            if isinstance(branch, ast.If | ast.IfExp | ast.While | ast.match_case):
                condition = branch.pattern if isinstance(branch, ast.match_case) else branch.test
                named = {n.value for n in ast.walk(condition) if isinstance(n, ast.Constant)}
                assert not named & set(registry.ids("methods")), f"{path}:{condition.lineno}"


def test_a_decay_until_0_ends_with_the_run():
    """Of 60 critic steps those with five to a generator step have 12."""
    study = Study().another("smoke")
    for method, steps in (("gan_ns", 60), ("wgan_gp", 12)):
        (run,) = study.arm(f"ring/points/{method}/decay")
        assert run.steps == steps
        assert run.recipe.techniques["linear_decay"] == {"decay_from": 0, "decay_until": steps}


def test_experiments_have_their_seeds_from_the_first_on():
    budget = Experiments(seeds=3, first_seed=100, effort=1.0)
    assert list(budget.numbers) == [100, 101, 102]
    assert list(budget.times(2).numbers) == [100, 101, 102, 103, 104, 105]
