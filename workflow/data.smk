"""Data sets, and what is known of them before anything is generated."""


rule prepare:
    """Prepare one data set: before all else, so that missing data stop a study before it trains."""
    output:
        place.dataset_file("{dataset}"),
        place.sheet_file("{dataset}"),
    log:
        "results/logs/data/{dataset}.log",
    priority: 3
    params:
        key=lambda w: keys.prepare(study, w.dataset).own,
    message:
        "Prepare {wildcards.dataset}"
    shell:
        "python -m replication data {wildcards.dataset} 2>&1 | tee {log} >&2"


rule classifier:
    """Train the classifier whose features the quality metrics of a data set use."""
    input:
        place.dataset_file("{dataset}"),
    output:
        classifier_files("{dataset}"),
    log:
        "results/logs/classifier/{dataset}.log",
    priority: 2
    threads: study.config.threads
    params:
        key=lambda w: keys.classifier(study, w.dataset).own,
    message:
        "Train the classifier of {wildcards.dataset}"
    shell:
        "python -m replication classifier {wildcards.dataset} 2>&1 | tee {log} >&2"


rule reference:
    """Score real training images as if they had been generated: the best a generator can expect."""
    input:
        place.dataset_file("{dataset}"),
        lambda w: classifiers(w.dataset),
    output:
        place.reference_file("{dataset}"),
    log:
        "results/logs/reference/{dataset}.log",
    threads: study.config.threads
    params:
        key=lambda w: keys.reference(study, w.dataset).own,
    message:
        "Score the real images of {wildcards.dataset}"
    shell:
        "python -m replication reference {wildcards.dataset} 2>&1 | tee {log} >&2"
