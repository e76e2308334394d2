"""Data sets, and what is known of them before anything is generated."""


rule prepare:
    """Prepare one data set: before all else, so that missing data stop a study before it trains."""
    output:
        paths.dataset("{dataset}"),
        paths.sheet("{dataset}"),
    log:
        paths.root / "logs/data/{dataset}.log",
    priority: 3
    params:
        key=lambda w: key(keys.prepare(study, w.dataset)),
    message:
        "Prepare {wildcards.dataset}"
    shell:
        "python -m replication data {wildcards.dataset} 2>&1 | tee {log} >&2"


rule classifier:
    """Train the classifier whose features the quality metrics of a data set use."""
    input:
        paths.dataset("{dataset}"),
    output:
        classifier_files("{dataset}"),
    log:
        paths.root / "logs/classifier/{dataset}.log",
    priority: 2
    threads: study.config.threads
    params:
        key=lambda w: key(keys.classifier(study, w.dataset)),
    message:
        "Train the classifier of {wildcards.dataset}"
    shell:
        "python -m replication classifier {wildcards.dataset} 2>&1 | tee {log} >&2"


for of_kind, names in place.DATASET_FILES.items():

    rule:
        # Score real training images as if they had been generated: the best a generator can expect.
        name:
            f"reference_{of_kind}"
        input:
            paths.dataset("{dataset}"),
            lambda w: classifiers(w.dataset),
            lambda w: wanted(f"reference/{w.dataset}"),
        output:
            [paths.real("{dataset}") / name for name in names],
        log:
            paths.root / f"logs/reference/{of_kind}/{{dataset}}.log",
        wildcard_constraints:
            dataset=alternatives(d for d in keys.datasets(study) if kind(d) == of_kind),
        threads: study.config.threads
        params:
            key=lambda w: key(keys.reference(study, w.dataset)),
        message:
            "Score the real data of {wildcards.dataset}"
        shell:
            "python -m replication reference {wildcards.dataset} 2>&1 | tee {log} >&2"
