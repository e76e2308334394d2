"""`replication data`."""

from __future__ import annotations

from replication.cli.verbs import _base


def data(dataset: str) -> None:
    """Prepare a data set: find or download it, check it, and fix its train and held-out parts."""
    study = _base.study()
    from pathlib import Path

    from replication.data import _base as sets
    from replication.data import _claims, _sheet
    from replication.jobs import checksums, contents

    if own := study.config.own_data.get(dataset):
        place = f"params.yaml: own_data.{dataset}: {own.path}"
        _claims.check(Path(own.path).expanduser(), place, own)
    path, sheet = study.paths.dataset(dataset), study.paths.sheet(dataset)
    images = study.own_images(dataset)
    source = contents.of_images(images) if images else ""
    record = path.with_suffix(".sha256")
    with checksums.sealed(record, [path, sheet], source=source, lasting=True):
        sets.prepare(dataset, study.config, path, print)
        _sheet.draw(path, sheet)
    print(f"  contact sheet: {sheet}")
