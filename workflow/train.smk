"""Runs."""


def minutes(w, attempt):
    """Time for an executor that asks: generous, by the run's plan, and more at every retry, which resumes."""
    run = study.run(w.run)
    return attempt * (20 + run.steps * run.recipe.n_critic // 1000)


def batch(w):
    """What an executor may run in one allocation: runs on points are over in less time than a job's start."""
    return "toys" if place.kind(study.run(w.run).dataset) == "points" else None


rule train:
    """Train one run. Cut off, it goes on from results/scratch, where Snakemake deletes nothing."""
    input:
        lambda w: place.dataset_file(study.run(w.run).dataset),
    output:
        [place.run_folder("{run}") / file for file in place.RUN_FILES],
    log:
        "results/logs/train/{run}.log",
    benchmark:
        "results/benchmarks/train/{run}.tsv"
    priority: 1
    group:
        batch
    threads: study.config.threads
    resources:
        runtime=minutes,
    params:
        key=lambda w: keys.train(study.run(w.run)).own,
    message:
        "Train {wildcards.run}"
    shell:
        "python -m replication train {wildcards.run} 2>&1 | tee {log} >&2"
