"""Controlled experiments, which no run contains."""


def looked_at(w):
    """The images that an experiment looks at, and their classifier; most experiments make their own points."""
    dataset = keys.images_of(w.experiment)
    return [paths.dataset(dataset), *classifier_files(dataset)] if dataset else []


rule experiment:
    """Run one controlled experiment, with every seed trained at once."""
    input:
        looked_at,
        lambda w: wanted(f"experiment/{w.experiment}"),
    output:
        paths.experiment("{experiment}"),
    log:
        paths.root / "logs/experiment/{experiment}.log",
    benchmark:
        paths.root / "benchmarks/experiment/{experiment}.tsv"
    priority: 2
    threads: study.config.threads
    params:
        key=lambda w: key(keys.experiment(study, w.experiment)),
    message:
        "Run the experiment {wildcards.experiment}"
    shell:
        "python -m replication experiment {wildcards.experiment} 2>&1 | tee {log} >&2"
