"""Where the numbers of a report come from, over all runs together; and the commands that make them again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from replication.evidence import growing, store
from replication.plan.study import Study
from replication.report.budget import Fact


def provenance(studies: Sequence[Study]) -> list[Fact]:
    """Code, machine, libraries, time and configuration of the runs, from their arms' evidence."""
    arms = [store.outcomes(study.paths, arm) for study in studies for arm in growing.whole(study)]
    records = [run["provenance"] for arm in arms for run in arm["runs"]]
    wall, cpu = (sum(r[key] for r in records) / 3600 for key in ("wall_seconds", "cpu_seconds"))
    names = " and ".join(study.name for study in studies)
    profiles = f"{'profile' if len(studies) == 1 else 'profiles'} {names}"
    first = min(datetime.fromisoformat(r["started"]) for r in records)
    last = max(datetime.fromisoformat(r["finished"]) for r in records)
    return [
        Fact("Code", _counted(_commit(r["git"]) for r in records)),
        Fact("Machine", _counted(_machine(r) for r in records)),
        Fact("Threads a run", _counted(str(r["threads"]) for r in records)),
        Fact("Libraries", "; ".join(_versions(records))),
        Fact("Training", f"{wall:.2f} hours by the clock and {cpu:.2f} of CPU, added up over {len(records)} runs"),
        Fact("From and to", f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC"),
        Fact("Configuration", f"{profiles} of params.yaml; results/<study>/evidence/arms/…/arm.json holds the resolved "
                              "configuration of every run, with its SHA-256"),
    ]  # fmt: skip


def citation() -> str:
    """The entry of this report for a bibliography, as CITATION.cff has it."""
    return (
        "@software{replication,\n"
        "  author = {{The replication authors}},\n"
        "  title = {{replication: which claims of the GAN papers hold when you train them yourself?}},\n"
        "  license = {MIT},\n"
        "}"
    )


def commands(study: Study) -> list[Fact]:
    """How to make the whole study, one run, one panel and the report again."""
    arm, (run, *_) = next(iter(study.arms.items()))
    return [
        Fact(
            "make reproduce", "everything, from an empty machine: environment, data, runs, report"
        ),
        Fact("snakemake --cores all all", "what is missing or out of date"),
        Fact(f"replication train {run.id}", "one run"),
        Fact(f"replication evaluate {arm}", "the quality of its arm's checkpoints"),
        Fact("replication collect", f"the tables under {study.paths.root}/"),
        Fact(f"replication panel {study.panels[0]}", "one figure, with its numbers"),
        Fact("replication report", "this page"),
    ]


def _commit(git: dict[str, Any]) -> str:
    if git["commit"] is None:
        return "not under version control"
    return f"commit {git['commit'][:12]}{', with uncommitted changes' if git['dirty'] else ''}"


def _machine(record: dict[str, Any]) -> str:
    machine = record["machine"]
    gpu = f", {machine['gpu']}" if machine["gpu"] else ""
    return f"{machine['cpu']}, {machine['cores']} cores{gpu}; trained on {record['device']}"


def _counted(values: Iterable[str]) -> str:
    """The distinct values; with how many runs have each, where there are several."""
    counts = Counter(values)
    if len(counts) == 1:
        return next(iter(counts))
    return "; ".join(f"{value} ({n} runs)" for value, n in counts.most_common())


def _versions(records: list[dict[str, Any]]) -> list[str]:
    names = dict.fromkeys(name for record in records for name in record["versions"])
    return [f"{n} {_counted(r['versions'].get(n, 'absent') for r in records)}" for n in names]
