"""Figures, a job for all panels of a paper."""


def shown(panel):
    """Experiments, tables, real images and sample sheets; a panel that shows no run is not redrawn when they change."""
    head = registry.panel_metadata(panel)
    experiments = head.get("EXPERIMENTS", [])
    # A panel may show the images that its experiment looked at.
    images = [d for experiment in experiments if (d := keys.images_of(experiment))]
    own = [*map(place.experiment_file, experiments), *map(place.dataset_file, images)]
    return [*own, *shown_runs(head["RUNS"])]


def shown_runs(wanted):
    own = [arm for arm in ARMS if place.matches(arm, wanted)]
    sheets = [place.metrics_folder(arm) / "samples.safetensors" for arm in own]
    return [*TABLES, *REFERENCES, *TARGETS["data"], *sheets] if own else []


def drawn(panel):
    """The files of a panel; `snakemake --report` shows the figure and its numbers."""
    svg, pdf, png, csv = map(str, place.panel_files(panel))
    folder, title = panel.split("/")[0], registry.panel_metadata(panel)["TITLE"]
    own = {
        "caption": "../replication/report/caption.rst",
        "category": pages.STUDY.get(folder, folder),
    }
    figure, numbers = (own | {"labels": {"shows": title, "as": kind}} for kind in ("figure", "csv"))
    return [report(svg, **figure), pdf, png, report(csv, **numbers)]


for folder, panels in FOLDERS.items():

    rule:
        # Draw all panels of a paper in one process: its start takes as long as a figure.
        name:
            f"draw_{folder}"
        input:
            list(dict.fromkeys(file for panel in panels for file in shown(panel))),
        output:
            [file for panel in panels for file in drawn(panel)],
        log:
            f"results/logs/panel/{folder}.log",
        localrule: True
        params:
            folder=folder,
            key=[keys.draw(study, panel).own for panel in panels],
            captions={h["TITLE"]: h["CAPTION"] for h in map(registry.panel_metadata, panels)},
        message:
            f"Draw {folder}"
        shell:
            "python -m replication panel {params.folder} 2>&1 | tee {log} >&2"
