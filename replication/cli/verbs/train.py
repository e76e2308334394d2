"""`replication train`."""

from __future__ import annotations

from replication.cli.verbs import _base


def train(run: str) -> None:
    """Train one run; a run that was cut off goes on from where it was. SIGTERM saves and stops it."""
    study = _base.study()
    resolved = study.run(run)
    from replication.jobs import alone, checksums, gpus, progress
    from replication.plan.paths import RUN_FILES
    from replication.training import interruption, perturbed

    folder = study.paths.run(run)
    with (
        alone.turn(run, study.paths.scratch),
        gpus.gpu(study.config.device, study.config.jobs_per_gpu),
        checksums.sealed(folder / _base.RECORD, [folder / name for name in RUN_FILES]),
        progress.bar(run, resolved.steps) as advance,
        perturbed.first_weights(study.config.perturbed),
    ):
        interruption.train(resolved, study.paths, advance)
    # Were the clock set back on the way, Snakemake would refuse what was trained as older than its data.
    checksums.fix_timestamps([study.paths.dataset(resolved.dataset)])
