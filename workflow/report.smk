"""Pages."""


rule report:
    """Write the report: its pages, and each of them as Markdown."""
    input:
        TARGETS["panels"],
        TABLES,
        REFERENCES,
        [place.classifier_file(dataset).with_suffix(".json") for dataset in CLASSIFIED],
        CLAIMS,
    output:
        REPORT,
    log:
        "results/logs/report.log",
    params:
        key=keys.report(study).own,
    message:
        "Write reports/index.html and the other pages"
    shell:
        "python -m replication report 2>&1 | tee {log} >&2"
