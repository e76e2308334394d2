"""`replication reference`."""

from __future__ import annotations

from replication.cli.verbs import _base


def reference(dataset: str) -> None:
    """Score real training images against held-out ones: the best that any generator can expect."""
    study = _base.study()
    from replication.evidence import reference as evidence
    from replication.evidence.store import dataset_files
    from replication.jobs import checksums

    config, paths = study.config, study.paths
    made_by = _base.made_by(study, f"reference/{dataset}")
    with checksums.sealed(paths.real(dataset) / _base.RECORD, dataset_files(paths, dataset)):
        evidence.reference(
            dataset, config.budget.evaluation, config.threads, paths, made_by, config.device
        )
