"""The study, job by job: data -> runs -> evidence -> tables -> panels -> claims -> report.

Targets: data, runs, metrics, experiments, panels, verdicts, report, all. A job is one verb of `python -m replication`. What
decides its outcome is declared here: the results it reads, its own part of the configuration, the contents
of the sources it reads, and the fingerprint of its code. A change re-makes what it decides, and nothing else.

Evidence is made of the profile in force; with `train: false` of none. What follows is made of every study that has
evidence, whether or not the weights behind it are here.
"""


include: "workflow/common.smk"


if TRAIN:

    include: "workflow/data.smk"
    include: "workflow/train.smk"
    include: "workflow/evaluate.smk"
    include: "workflow/experiments.smk"


include: "workflow/tables.smk"
include: "workflow/figures.smk"
include: "workflow/claims.smk"
include: "workflow/report.smk"


rule all:
    """Everything, also what no later step would miss."""
    input:
        *TARGETS.values(),
        REPORT,
    message:
        "All is there"


for target, files in (WEIGHTS | TARGETS if TRAIN else TARGETS).items():

    rule:
        name:
            target
        input:
            files,
        message:
            f"All of {target} is there"
