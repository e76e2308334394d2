"""Controlled experiments, which no run contains."""


def looked_at(w):
    """The images that an experiment looks at, and their classifier; most experiments make their own points."""
    dataset = registry.metadata("experiments", w.experiment).get("DATASET")
    return [place.dataset_file(dataset), *classifier_files(dataset)] if dataset else []


rule experiment:
    """Run one experiment: an experiment that no run contains, with every seed trained at once."""
    input:
        looked_at,
    output:
        place.experiment_file("{experiment}"),
    log:
        "results/logs/experiment/{experiment}.log",
    benchmark:
        "results/benchmarks/experiment/{experiment}.tsv"
    priority: 2
    threads: study.config.threads
    params:
        budget=lambda w: study.config.budget.experiments.model_dump_json(),
        code=lambda w: fingerprint(f"experiments/{w.experiment}"),
    message:
        "Run the experiment {wildcards.experiment}"
    shell:
        "python -m replication experiment {wildcards.experiment} 2>&1 | tee {log} >&2"
