"""Faults in params.yaml or --config end a start of the workflow in one line, before any job."""

from __future__ import annotations

import pytest
from workspace import Workspace

pytestmark = pytest.mark.xdist_group("bare")


def slow(*values: str) -> object:
    """A case of which tests/contract/test_config.py shows the line, in every run."""
    return pytest.param(*values, marks=pytest.mark.slow)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            "device: auto",
            "devise: auto",
            "params.yaml: devise: unknown key; did you mean 'device'?",
        ),
        slow("threads: 1", "threads: one", "params.yaml: threads: input should be a valid integer"),
        slow("profile: smoke", "profile: smok", "unknown name 'smok'; did you mean 'smoke'?"),
        slow("net: mlp}", "net: mpl}", "profiles.smoke.arms.0.net: unknown name 'mpl'"),
        (
            "dataset: ring, net: points, methods",
            "dataset: ring, net: dcgan, methods",
            "profiles.smoke.arms: ring holds points, and net dcgan takes images; choose another net",
        ),
        (
            "inception_splits: 2",
            "inception_splits: 300",
            "mnist_5k: 200 images against 1,000 held out are too few for `inception_splits: 300`",
        ),
        (
            "methods: {}",
            "methods: {wgan_gp: {critic_lr: 1e-4}}",  # a word in YAML 1.1
            "params.yaml: methods.wgan_gp.critic_lr: input should be a valid number, found '1e-4'",
        ),
        slow(
            "methods: {}",
            "methods: {wgan_gp: {critic_rl: 0.1}}",
            "params.yaml: methods.wgan_gp.critic_rl: unknown key; did you mean 'critic_lr'?",
        ),
        slow(
            "checkpoints: 3",
            "checkpoints: 3\n    checkpoint: 4",
            "params.yaml: profiles.smoke.checkpoint: unknown key; did you mean 'checkpoints'?",
        ),
    ],
)
def test_a_fault_in_params_yaml(bare: Workspace, old: str, new: str, line: str) -> None:
    with bare.edited("params.yaml", old, new):
        done = bare.run("snakemake", "--cores", "1", "all")
    expect_one_line(done.returncode, done.stderr, line)


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        ("profil=smoke", "profil: unknown key; did you mean 'profile'?"),
        slow("profile=laptob", "profile: unknown name 'laptob'; did you mean 'laptop'?"),
        slow("threads=0", "threads: input should be greater than 0, found 0"),
    ],
)
def test_a_fault_on_the_command_line(bare: Workspace, setting: str, line: str) -> None:
    done = bare.run("snakemake", "--cores", "1", "--config", setting, "--", "all")
    expect_one_line(done.returncode, done.stderr, line)


def test_a_file_that_is_not_utf_8(bare: Workspace) -> None:
    with bare.edited("params.yaml", "", "# für\n"):
        text = (bare.folder / "params.yaml").read_text(encoding="utf-8")
        (bare.folder / "params.yaml").write_text(text, encoding="latin-1")
        done = bare.run("snakemake", "--dry-run", "all")
    expect_one_line(done.returncode, done.stderr, "params.yaml: line 1 is not UTF-8; convert it")


def test_a_dry_run_says_where_the_protocol_gets_fewer_images_than_it_asks_for(
    bare: Workspace,
) -> None:
    line = "mnist_5k has 4,000 images to train on and 1,000 held out, so it is scored with `samples: 4000`"
    assert line not in bare.succeed("snakemake", "--dry-run", "all")
    with bare.edited("params.yaml", "samples: 200", "samples: 4001"):
        assert bare.succeed("snakemake", "--dry-run", "all").count(line) == 1


def test_missing_images_stop_a_study_before_it_trains(bare: Workspace) -> None:
    mine = "own_data={mine: nowhere.npz}"
    arms = "arms: [{dataset: mnist_5k, net: mlp}, {dataset: mine, net: mlp}]"
    profiles = f"profiles={{smoke: {{{arms}}}}}"
    done = bare.run("snakemake", "--cores", "2", "--config", mine, profiles, "--", "all")
    assert done.returncode != 0
    (line,) = (
        row for row in done.stderr.splitlines() if row.startswith("params.yaml: own_data.mine")
    )
    assert "nowhere.npz: no such file" in line
    assert "Train" not in done.stderr


#: What Snakemake says by itself of where its settings come from.
ANNOUNCED = ("Config file params.yaml", "Using workflow specific profile profiles/default")


def expect_one_line(code: int, stderr: str, line: str) -> None:
    assert code != 0
    assert line in stderr
    said = [row for row in stderr.splitlines() if row and not row.startswith(ANNOUNCED)]
    assert len(said) == 1, stderr
