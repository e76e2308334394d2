"""The evidence of runs."""


def unscored(arm):
    """The checkpoints of an arm's runs, but for those of which its evidence is current already."""
    job = f"evaluate/{arm}"
    kept = current.kept(paths, job, current.marked(paths, job))
    return [paths.run(r.id) / "checkpoints.safetensors" for r in study.arm(arm) if r.id not in kept]


for of_kind, names in place.ARM_FILES.items():

    rule:
        # Measure every checkpoint of an arm, and keep what is read afterwards: its seeds share a start.
        name:
            f"evaluate_{of_kind}"
        input:
            lambda w: behind(
                f"evaluate/{w.arm}",
                *unscored(w.arm),
                *seen(study.arm(w.arm)[0].dataset),
            ),
        output:
            [paths.arm("{arm}") / name for name in names],
        log:
            paths.root / f"logs/evaluate/{of_kind}/{{arm}}.log",
        benchmark:
            paths.root / f"benchmarks/evaluate/{of_kind}/{{arm}}.tsv"
        wildcard_constraints:
            arm=alternatives(arm for arm in ARMS if kind(arm.split("/")[0]) == of_kind),
        threads: study.config.threads
        params:
            key=lambda w: key(keys.evaluate(study, w.arm)),
        message:
            "Evaluate {wildcards.arm}"
        shell:
            "python -m replication evaluate {wildcards.arm} 2>&1 | tee {log} >&2"
