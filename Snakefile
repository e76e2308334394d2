"""The study, job by job: data -> runs -> metrics -> tables -> panels -> report; experiments go straight to panels.

Targets: data, runs, metrics, experiments, panels, report, all. A job is one verb of `python -m replication`. What
decides its outcome is declared here: the results it reads, its own part of the configuration, the contents
of the sources it reads, and the fingerprint of its code. A change re-makes what it decides, and nothing else.
"""


include: "workflow/common.smk"
include: "workflow/data.smk"
include: "workflow/train.smk"
include: "workflow/evaluate.smk"
include: "workflow/experiments.smk"
include: "workflow/figures.smk"
include: "workflow/claims.smk"
include: "workflow/report.smk"


rule all:
    """Everything, also what no later step would miss."""
    input:
        *TARGETS.values(),
        CLAIMS,
        REPORT,
    message:
        "All is there"


for target, files in TARGETS.items():

    rule:
        name:
            target
        input:
            files,
        message:
            f"All of {target} is there"
