"""`replication experiment`."""

from __future__ import annotations

from replication.cli.verbs import _base


def experiment(experiment: str) -> None:
    """Run one experiment: a critic against an opponent that stands still, or a game of its own, all seeds at once."""
    study = _base.study()
    import torch

    from replication.evidence import store
    from replication.jobs import checksums, keys
    from replication.plan import registry
    from replication.training import perturbed

    torch.set_num_threads(study.config.threads)
    path, budget = study.paths.experiment(experiment), study.config.budget.experiments
    given = (budget, study.paths) if keys.images_of(experiment) else (budget,)
    made_by = _base.made_by(study, f"experiment/{experiment}")
    with (
        checksums.sealed(path.with_suffix(".sha256"), [path]),
        perturbed.first_weights(study.config.perturbed),
    ):
        table = registry.load("experiments", experiment).measure(*given)
        store.write_experiment(path, table, made_by)
