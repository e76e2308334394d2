"""Verdicts."""


rule claims:
    """Decide the claims of the papers by the numbers of the panels that speak of them."""
    input:
        [place.panel_files(panel)[-1] for panel in CLAIM_PANELS],
    output:
        CLAIMS,
    log:
        "results/logs/claims.log",
    params:
        key=keys.claims(study).own,
    message:
        "Decide the claims"
    shell:
        "python -m replication claims 2>&1 | tee {log} >&2"
