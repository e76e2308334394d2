"""`replication classifier`."""

from __future__ import annotations

from replication.cli.verbs import _base


def classifier(dataset: str) -> None:
    """Train the small classifier whose features the quality metrics of a data set use."""
    study = _base.study()
    from replication.features import lenet
    from replication.jobs import checksums, progress

    path, epochs = study.paths.classifier(dataset), study.config.budget.evaluation.classifier_epochs
    with (
        checksums.sealed(path.with_suffix(".sha256"), [path, path.with_suffix(".json")]),
        progress.bar(f"classifier of {dataset}", epochs) as advance,
    ):
        lenet.train(study.paths, dataset, epochs, study.config.threads, advance)
