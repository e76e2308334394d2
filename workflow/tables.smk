"""The tables of every study."""


def collected(table):
    """A table of all runs; `snakemake --report` shows those that people read."""
    if table.name not in ("runs.csv", "summary.csv", "tracking.csv", "controls.csv"):
        return table
    return report(str(table), category="Tables", labels={"table": table.stem})


for name, one in STUDIES.items():

    rule:
        # Gather a study's evidence into tables, and see how estimates track quality.
        name:
            f"collect_{name}"
        input:
            arm_files(name, arms_of(name)),
            dataset_files(name),
        output:
            [collected(table) for table in tables(name)],
        log:
            one.paths.root / "logs/collect.log",
        localrule: True
        params:
            study=name,
            arms=arms_of(name),
            key=keys.collect(one).own,
        message:
            f"Collect the evidence of {name}"
        shell:
            "python -m replication collect --study {params.study} 2>&1 | tee {log} >&2"
