"""Pages, over all studies that have evidence."""


def told(name):
    """What the pages tell of a study."""
    own = STUDIES[name].paths
    figures = [file for panel in study.panels for file in own.panel(panel)]
    arms = arm_files(name, arms_of(name))
    return [*figures, *tables(name), *dataset_files(name), *arms, own.claims]


rule report:
    """Write the report: its pages, and each of them as Markdown."""
    input:
        [file for name in STUDIES for file in told(name)],
    output:
        REPORT,
    log:
        "results/report.log",
    params:
        studies={name: arms_of(name) for name in STUDIES},
        key=[keys.report(one).own for one in STUDIES.values()],
    message:
        "Write reports/index.html and the other pages"
    shell:
        "python -m replication report 2>&1 | tee {log} >&2"
