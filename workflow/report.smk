"""Pages."""


rule report:
    """Write the report: its pages, and each of them as Markdown."""
    input:
        TARGETS["panels"],
        TABLES,
        FLOORS,
        [place.classifier_file(dataset).with_suffix(".json") for dataset in CLASSIFIED],
        CLAIMS,
    output:
        REPORT,
    log:
        "results/logs/report.log",
    params:
        study=lambda w: study.config.model_dump_json(),
        papers=PAPERS,
        templates=TEMPLATES,
        code=fingerprint("report/build"),
        labels=labels,
        prose=lambda w: json.dumps(pages.prose()),
    message:
        "Write reports/index.html and the other pages"
    shell:
        "python -m replication report 2>&1 | tee {log} >&2"
