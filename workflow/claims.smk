"""Verdicts."""


rule claims:
    """Decide the claims of the papers by the numbers of the panels that speak of them."""
    input:
        lambda w: [STUDIES[w.study].paths.panel(panel)[-1] for panel in CLAIM_PANELS],
        place.Paths.of("{study}").table("controls.csv"),
    output:
        place.Paths.of("{study}").claims,
    log:
        "results/{study}/logs/claims.log",
    params:
        key=lambda w: keys.claims(STUDIES[w.study]).own,
    message:
        "Decide the claims by {wildcards.study}"
    shell:
        "python -m replication claims --study {wildcards.study} 2>&1 | tee {log} >&2"
