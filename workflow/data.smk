"""Data sets, and what is known of them before anything is generated."""


def own_images(w):
    """What the user's own images hold: a file's or a folder's contents, whatever their dates."""
    images = study.own_images(w.dataset)
    return contents.of_images(images) if images else None


def own_reading(w):
    """How the user's own images are read."""
    own = study.config.own_data.get(w.dataset)
    return own and own.model_dump_json()


def data_code(w):
    source = [f"data/{w.dataset}"] if w.dataset in registry.ids("data") else []
    return fingerprint("data/_base", "data/_sheet", *source)


rule prepare:
    """Prepare one data set: before all else, so that missing data stop a study before it trains."""
    output:
        place.dataset_file("{dataset}"),
        place.sheet_file("{dataset}"),
    log:
        "results/logs/data/{dataset}.log",
    priority: 3
    params:
        own=own_reading,
        images=own_images,
        code=data_code,
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
        epochs=study.config.budget.evaluation.classifier_epochs,
        code=fingerprint("features/lenet"),
    message:
        "Train the classifier of {wildcards.dataset}"
    shell:
        "python -m replication classifier {wildcards.dataset} 2>&1 | tee {log} >&2"


rule floor:
    """Score real training images as if they had been generated: the best a generator can expect."""
    input:
        place.dataset_file("{dataset}"),
        lambda w: classifiers(w.dataset),
    output:
        place.floor_file("{dataset}"),
    log:
        "results/logs/floor/{dataset}.log",
    threads: study.config.threads
    params:
        protocol=protocol,
        code=MEASURES,
    message:
        "Score the real images of {wildcards.dataset}"
    shell:
        "python -m replication floor {wildcards.dataset} 2>&1 | tee {log} >&2"
