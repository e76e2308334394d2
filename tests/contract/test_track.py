"""`replication track`: signals with known answers, logs of every kind, bad logs, and our own arms."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from workspace import ROOT

import replication
from replication import __main__ as command_line
from replication.analysis.logs import LogError
from replication.analysis.tracking import ARM

T = np.linspace(0, 1, 40)
SEEDS = range(8)


def perfect(rng):
    """Quality falls, not always; the signal is another scale of the same."""
    quality = 60 - 40 * T + 4 * rng.normal(size=len(T))
    return np.sqrt(quality), quality


def clock(rng):
    """Both go one way, and that is all they share."""
    return 3 - T**2, 50 * np.exp(-3 * T)


def noisy_clock(rng):
    """Both go one way, each with a noise of its own."""
    return 3 - T + 0.1 * rng.normal(size=len(T)), 50 * (1 - T / 2) + 2.5 * rng.normal(size=len(T))


def noise(rng):
    return rng.normal(size=len(T)), perfect(rng)[1]


def backwards(rng):
    signal, quality = perfect(rng)
    return -signal, quality


def until_half(rng):
    """Perfect until quality has gone half of the way, then noise at the level that it has there."""
    _, quality = perfect(rng)
    half = len(T) // 2
    return np.r_[quality[:half], quality[half] + 8 * rng.normal(size=half)], quality


def table(signal, seeds=SEEDS):
    parts = []
    for seed in seeds:
        estimate, quality = signal(np.random.default_rng(seed))
        parts.append(
            pd.DataFrame(
                {"step": range(len(T)), "seed": seed, "estimate": estimate, "fid": quality}
            )
        )
    return pd.concat(parts, ignore_index=True)


def finding(frame, **named):
    return replication.track(frame, **named).finding


@pytest.mark.parametrize(
    ("signal", "found"),
    [
        (perfect, "signal"), (clock, "clock"), (noisy_clock, "clock"), (noise, "nothing"),
        (backwards, "reversed"), (until_half, "early"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("seeds", [SEEDS, range(3)])
def test_signals_with_a_known_answer_are_told_apart(signal, found, seeds):
    assert finding(table(signal, seeds)) == found


def test_what_each_signal_shows():
    means = {
        f.__name__: replication.track(table(f)).means
        for f in (perfect, clock, noisy_clock, until_half)
    }
    for name in ("spearman", "partial", "late"):
        assert means["perfect"][name][:3] == pytest.approx((1, 1, 1))
    assert means["perfect"]["lost"].mean == 0
    # A clock passes plain Spearman, which is why it is no test.
    assert means["clock"]["spearman"].mean == pytest.approx(1)
    assert means["clock"]["partial"].n == 0
    assert means["noisy_clock"]["spearman"].low > 0.8
    assert abs(means["noisy_clock"]["partial"].mean) < 0.15
    assert means["until_half"]["spearman"].low > 0.3
    assert means["until_half"]["late"].low < 0 < means["until_half"]["late"].high


def test_a_signal_that_rises_is_negated_and_more_of_a_quality_may_be_better():
    frame = table(backwards)
    assert finding(frame, negate=True) == "signal"
    assert finding(frame.assign(fid=-frame["fid"]), lower_is_better=False) == "reversed"
    assert finding(frame.assign(fid=-frame["fid"]), lower_is_better=False, negate=True) == "signal"


def test_few_seeds_are_told_what_they_cannot_tell():
    one, three, eight = (replication.track(table(perfect, range(n))).advice for n in (1, 3, 8))
    assert "one seed: it cannot tell whether the next one would do the same" in one
    assert "3 seeds" in three
    assert "6 give an interval" in three
    assert eight.endswith("late in training.")


def test_rows_out_of_order_repeated_missing_and_of_unequal_length_change_nothing_they_should_not():
    frame = table(perfect)
    frame.loc[len(frame)] = [7, 0, 999.0, np.nan]  # logged before the value that counts
    frame.loc[len(frame)] = [7, 0, *frame.loc[7, ["estimate", "fid"]]]
    frame.loc[len(frame)] = [np.nan, 0, 1.0, 1.0]
    frame.loc[frame["seed"].eq(1) & frame["step"].ge(30), "estimate"] = np.nan  # diverged
    frame.loc[frame["seed"].eq(2) & frame["step"].ge(4), ["estimate", "fid"]] = np.inf
    frame = frame[~(frame["seed"].eq(3) & frame["step"].ge(20))]
    frame.loc[frame["seed"].eq(4), "estimate"] = 2.0
    answer = replication.track(
        frame.sample(frac=1, random_state=0).sort_values("estimate", ascending=False)
    )
    seeds = answer.followed.seeds
    assert seeds["n"].to_dict() == {"0": 40, "1": 30, "3": 20, "4": 40, "5": 40, "6": 40, "7": 40}
    assert seeds["spearman"].drop("4").to_numpy() == pytest.approx(1, abs=1e-3)
    assert np.isnan(seeds.loc["4", "spearman"])
    notes = "\n".join(answer.followed.notes)
    for said in (
        "1 row without a step or seed", "logged more than once", "seed 1: no finite estimate after step 29",
        "seed 2: 4 checkpoints, fewer than 5", "20 to 40 checkpoints", "seed 4: estimate never changes",
    ):  # fmt: skip
        assert said in notes


def test_estimate_and_quality_at_different_steps_are_joined_and_counted():
    steps = np.arange(200)
    often = pd.DataFrame({"step": steps, "critic_loss": 5 - steps / 50})
    seldom = pd.DataFrame({"step": steps[::20] + (steps[::20] == 100), "fid": 90 - steps[::20] / 4})
    answer = replication.track(pd.concat([often, seldom]))
    (note,) = answer.followed.notes
    assert "estimate at 200 steps and quality at 10" in note
    assert "the 10 that have both" in note
    assert answer.followed.table.loc[5].tolist()[1:] == [101, 5 - 101 / 50, 65]


@pytest.mark.parametrize(
    ("names", "estimate", "quality", "step"),
    [
        ("step,epoch,d_loss,g_loss,fid,kid", "d_loss", "fid", "step"),
        ("epoch,critic_loss,w_estimate,kid", "w_estimate", "kid", "epoch"),
        ("_step,train/LossD,val/FID50k_full", "train/LossD", "val/FID50k_full", "_step"),
        ("Iteration,Wasserstein distance,inception score", "Wasserstein distance", "inception score", "Iteration"),
        ("step,fid,fid_ema,anything", None, "fid", "step"),
        ("step,fid,anything", "anything", "fid", "step"),
    ],
)  # fmt: skip
def test_columns_are_guessed_where_only_one_can_be_meant(names, estimate, quality, step):
    frame = pd.DataFrame(
        np.random.default_rng(0).normal(size=(9, 1 + names.count(","))), columns=names.split(",")
    )
    if estimate is None:
        with pytest.raises(
            LogError, match=r"which column is the estimate.* one of: fid_ema, anything$"
        ):
            replication.track(frame)
    else:
        chosen = replication.track(frame).followed.columns
        assert (chosen.estimate, chosen.quality, chosen.step) == (estimate, quality, step)


def test_a_seed_is_a_log_a_column_or_both(tmp_path):
    frame = table(perfect)
    for name, part in (("a", frame), ("b", frame[frame["seed"] < 2])):
        part.rename(columns={"seed": "trial"}).to_csv(tmp_path / f"{name}.csv", index=False)
    both = replication.track(
        [tmp_path / "a.csv", tmp_path / "b.csv"], seed="trial", estimate="estimate"
    )
    assert len(both.followed.seeds) == 10
    assert both.followed.seeds.index[-1] == f"{tmp_path}/b.csv: 1"
    # Runs that nobody names are taken for one that was logged again.
    one = replication.track(tmp_path / "a.csv", estimate="estimate").followed
    assert len(one.seeds) == 1
    assert "40 steps logged more than once" in one.notes[0]


def write(folder, name, text, encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


GERMAN = "Schritt;FID;Kritik\n" + "\n".join(
    f"{t};{90 - t},5;{str(9 - t / 10).replace('.', ',')}" for t in range(10)
)
LINES = "\n".join(
    json.dumps(
        {
            "iteration": t,
            "eval": {"fid50k_full": 90 - t},
            "Loss/D/loss": float("nan") if t == 3 else 9 - t,
        }
    )
    for t in range(10)
)


@pytest.mark.parametrize(
    ("name", "text", "encoding", "named", "n"),
    [
        ("german.csv", GERMAN, "utf-8-sig", {"step": "Schritt"}, 10),
        ("wide.csv", GERMAN, "utf-16", {"step": "Schritt", "estimate": "Kritik"}, 10),
        ("tab.tsv", GERMAN.replace(";", "\t"), "utf-8", {"step": "Schritt"}, 10),
        ("space.txt", GERMAN.replace(";", "  "), "utf-8", {"step": "Schritt"}, 10),
        ("lines.jsonl", LINES, "utf-8", {"estimate": "Loss/D/loss"}, 9),
        ("cut.jsonl", LINES[:-12], "utf-8", {"estimate": "Loss/D/loss"}, 8),
        ("list.json", f"[{','.join(LINES.splitlines())}]", "utf-8", {"estimate": "Loss/D/loss"}, 9),
        ("cut.csv", "step,estimate,fid\n" + "".join(f"{t},{t},{t}\n" for t in range(9)) + "9,5", "utf-8", {}, 9),
    ],
)  # fmt: skip
def test_logs_of_every_kind(tmp_path, name, text, encoding, named, n):
    answer = replication.track(write(tmp_path, name, text, encoding), **named)
    assert answer.followed.seeds["n"].tolist() == [n]
    assert answer.followed.seeds["spearman"].tolist() == pytest.approx([1])


def test_tensorboard_events(tmp_path):
    pytest.importorskip("tensorboard")
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter(str(tmp_path / "run")) as writer:
        for t in range(30):
            writer.add_scalar("train/critic_loss", 9 - t, t)
            if t % 3 == 0:
                writer.add_scalar("val/FID50k", 90 - t, t)
    answer = replication.track(tmp_path / "run")
    assert answer.followed.seeds[["n", "spearman"]].to_numpy() == pytest.approx(
        np.array([[10, 1.0]])
    )


def test_tensorboard_events_without_its_package_are_one_line(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboard.backend.event_processing", None)
    (tmp_path / "events.out.tfevents.1.host").touch()
    with pytest.raises(LogError, match=r"^[^\n]*pip install -e '\.\[tensorboard\]'$"):
        replication.track(tmp_path)


HEAD = "step,estimate,fid\n"
ROWS = "".join(f"{t},{9 - t},{90 - t}\n" for t in range(8))

BAD = [
    ("", {}, "empty; name a log"),
    (HEAD, {}, "no row of values"),
    (ROWS, {}, "no names of columns; add a header"),
    ("a\0b", {}, "no text; name a CSV file"),
    ("step,fid,fid\n" + ROWS, {}, "column fid stands twice; rename one"),
    (HEAD + ROWS + "1,2,3,4\n", {}, "line 10 has 4 values and the header 3 names"),
    ('{"step": 1}\n{"step": \n{"step": 3}\n', {}, "line 2: not JSON"),
    ('{"step": 1}\n[3]\n', {}, "not every record is an object"),
    (HEAD + ROWS, {"quality": "fed"}, "no column 'fed'; it has step, estimate, fid"),
    (HEAD + ROWS, {"seed": "sed"}, "no column 'sed'"),
    (HEAD + ROWS, {"estimate": "fid", "quality": "fid"}, "must be three columns"),
    ("step,estimate,fid_a,fid_b\n" + "1,2,3,4\n" * 8, {},
     "which column is the quality? Add --quality with one of: fid_a, fid_b"),
    ("step,a,b,fid\n" + "1,2,3,4\n" * 8, {}, "which column is the estimate? Add --estimate with one of: a, b"),
    ("when,estimate,fid\n" + ROWS, {}, "which column is the step? Add --step"),
    ("step,estimate,blur\n" + ROWS, {"quality": "blur"}, "Add --lower-is-better or --higher-is-better"),
    (HEAD + re.sub(",", ",x", ROWS), {"estimate": "estimate", "quality": "fid"}, "column fid holds no numbers"),
    (HEAD + "".join(f"{t},1,\n{t + 100},,2\n" for t in range(9)), {}, "no step has a finite value of both"),
    (HEAD + ROWS[:28], {}, "at most 4 checkpoints of a seed have both estimate and fid"),
    (HEAD + re.sub(r",\d,", ",7,", ROWS), {}, "estimate never changes at the 8 checkpoints"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "named", "said"), BAD)
def test_a_bad_log_is_one_line_with_its_place_and_a_remedy(
    tmp_path, capsys, monkeypatch, text, named, said
):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "log.csv", text)
    options = [word for role, name in named.items() for word in (f"--{role}", name)]
    assert command_line.main(["track", "log.csv", *options]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("log.csv: ")
    assert said in told.err
    assert told.err.count("\n") == 1
    assert not list(tmp_path.glob("*.track.*"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.csv"], "nowhere.csv: no such file or folder; correct the path\n"),
        (
            ["."],
            ".: a folder with neither TensorBoard events nor curves.parquet and quality.parquet",
        ),
        (["a.csv", "a.csv"], "a.csv: named twice"),
        (["a.csv", "b.csv"], "b.csv: no column 'fid', which another log has"),
        (["a.csv", "--lower-is-better", "--higher-is-better"], "not both"),
    ],
)
def test_bad_arguments_are_one_line(tmp_path, capsys, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "a.csv", HEAD + ROWS)
    write(tmp_path, "b.csv", "step,estimate\n1,2\n")
    assert command_line.main(["track", *arguments]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1


def test_a_log_that_has_nothing_to_do_with_this_project(tmp_path, capsys, monkeypatch):
    """Accuracy and loss of a classifier, a file per seed, far from any clone: printed, JSON and figure."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("replication.cli.peers.PACKAGE", tmp_path / "elsewhere")
    for seed in SEEDS:
        signal, quality = perfect(np.random.default_rng(seed))
        frame = pd.DataFrame(
            {"epoch": range(len(T)), "train_loss": signal, "val_acc": 1 - quality / 100}
        )
        frame.to_csv(f"run{seed}.csv", index=False)
    files = [f"run{seed}.csv" for seed in SEEDS]
    assert command_line.main(["track", *files, "--quality", "val_acc"]) == 0
    printed = capsys.readouterr().out
    assert "train_loss against val_acc (higher is better): 8 seeds, 40 checkpoints each." in printed
    assert "This project's own arms are not here to compare with" in printed
    assert re.search(r"given the step +1\.00 \(1\.00 to 1\.00\)", printed)
    found = json.loads(Path("run0.track.json").read_text())
    assert (found["finding"], found["better"], found["arms"]) == ("signal", "higher", [])
    assert [row["seed"] for row in found["seeds"]] == files
    assert Path("run0.track.png").read_bytes().startswith(b"\x89PNG")


def test_python_takes_tables_and_loads_nothing_before_it_is_asked():
    frames = [table(perfect, [seed]).drop(columns="seed").set_index("step") for seed in SEEDS]
    assert finding(frames) == "signal"
    with pytest.raises(LogError, match="frame 0: no row of values"):
        replication.track(frames[0].iloc[:0])
    with pytest.raises(AttributeError, match="no attribute 'trakc'"):
        _ = replication.trakc
    code = (
        "import sys, replication; print({'pandas', 'torch', 'scipy'} & set(sys.modules), "
        "callable(replication.track))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "set() True\n"


STUDIES = sorted(path.parent for path in (ROOT / "results").glob("*/tracking.csv"))


@pytest.mark.parametrize("study", STUDIES, ids=lambda path: path.name)
@pytest.mark.parametrize("estimate", ["estimate_heldout", "critic_loss"])
def test_the_answer_for_our_own_arms_is_the_reports(study, estimate):
    reported = pd.read_csv(study / "tracking.csv")
    reported = reported[(reported["estimate"] == estimate) & (reported["n_checkpoints"] >= 5)]
    reported = reported[
        reported["quality"].str.fullmatch(r"fid_lenet_.*|w1|inception_score_lenet_.*")
    ]
    assert len(reported)
    for row in reported.to_dict("records"):
        folder = study / "evidence" / "arms" / "/".join(row[key] for key in ARM)
        try:
            answer = replication.track(folder, estimate=estimate, quality=row["quality"])
        except LogError:
            assert np.isnan(row["spearman"])
            continue
        found = answer.means["spearman"]
        expected = [row[key] for key in ("spearman", "ci_low", "ci_high", "n_seeds")]
        assert list(found) == pytest.approx(expected, rel=1e-5, abs=1e-6, nan_ok=True)


@pytest.mark.skipif(not STUDIES, reason="no committed study")
def test_our_arms_stand_beside_another_training_and_never_beside_themselves(monkeypatch):
    monkeypatch.chdir(ROOT)
    folders = sorted((STUDIES[0] / "evidence/arms").glob("*/*/lsgan/*/curves.parquet"))
    own = next(path.parent for path in folders if "mnist" in str(path))
    other, itself = replication.track(table(noise)), replication.track(own)
    assert len(other.peers) == len(itself.peers) + 1
    rho = other.means["spearman"].mean
    below = sum(peer.spearman < rho for peer in other.peers)
    assert f"{below} of this project's {len(other.peers)} arms" in str(other)
    nearest = min(other.peers, key=lambda peer: abs(peer.spearman - rho))
    assert f"closest to the {nearest.spearman:.2f} of".replace("-", "−") in str(other)
