"""The quality of runs, and the tables of all runs together."""


rule evaluate:
    """Measure the quality of every checkpoint of an arm: its seeds share a start and the real features."""
    input:
        lambda w: [place.run_folder(r) / "checkpoints.safetensors" for r in study.arm(w.arm)],
        lambda w: place.dataset_file(study.arm(w.arm)[0].dataset),
        lambda w: classifiers(study.arm(w.arm)[0].dataset),
    output:
        [place.metrics_folder("{arm}") / file for file in place.METRIC_FILES],
    log:
        "results/logs/evaluate/{arm}.log",
    benchmark:
        "results/benchmarks/evaluate/{arm}.tsv"
    threads: study.config.threads
    params:
        key=lambda w: keys.evaluate(study, w.arm).own,
    message:
        "Evaluate {wildcards.arm}"
    shell:
        "python -m replication evaluate {wildcards.arm} 2>&1 | tee {log} >&2"


def collected(table):
    """A table of all runs; `snakemake --report` shows those that people read."""
    if table.name not in ("runs.csv", "summary.csv", "tracking.csv"):
        return table
    return report(str(table), category="Tables", labels={"table": table.stem})


rule collect:
    """Gather all runs into tables, and see how estimates track quality."""
    input:
        TARGETS["runs"],
        [place.metrics_folder(arm) / "quality.parquet" for arm in ARMS],
    output:
        [collected(table) for table in TABLES],
    log:
        "results/logs/collect.log",
    params:
        key=keys.collect(study).own,
    message:
        "Collect the results of all runs"
    shell:
        "python -m replication collect 2>&1 | tee {log} >&2"
