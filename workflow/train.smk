"""Runs."""


def minutes(w, attempt):
    """Time for an executor that asks: generous, by the run's plan, and more at every retry, which resumes."""
    run = study.run(w.run)
    return attempt * (20 + run.steps * run.recipe.n_critic // 1000)


def batch(w):
    """What an executor may run in one allocation: runs on points are over in less time than a job's start."""
    return "toys" if kind(study.run(w.run).dataset) == "points" else None


rule train:
    """Train one run. Cut off, it goes on from its scratch, where Snakemake deletes nothing."""
    input:
        lambda w: paths.dataset(study.run(w.run).dataset),
    output:
        [paths.run("{run}") / file for file in place.RUN_FILES],
    log:
        paths.root / "logs/train/{run}.log",
    benchmark:
        paths.root / "benchmarks/train/{run}.tsv"
    priority: 1
    group:
        batch
    threads: study.config.threads
    resources:
        runtime=minutes,
    params:
        key=lambda w: key(keys.train(study.run(w.run))),
    message:
        "Train {wildcards.run}"
    shell:
        "python -m replication train {wildcards.run} 2>&1 | tee {log} >&2"
