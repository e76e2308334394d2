"""Figures of every study, a job for all panels of a paper."""


def shown(panel, name):
    """Experiments, tables, data sets and samples; a panel that shows no run is not redrawn when they change."""
    head = registry.panel_metadata(panel)
    experiments = [e for e in head.get("EXPERIMENTS", []) if e in experiments_of(name)]
    own = [STUDIES[name].paths.experiment(experiment) for experiment in experiments]
    # A panel may show the images that its experiment looked at.
    images = dataset_files(name) if any(map(keys.images_of, experiments)) else []
    return [*own, *images, *shown_runs(head["RUNS"], name)]


def shown_runs(patterns, name):
    own = [arm for arm in arms_of(name) if STUDIES[name].fits(arm, patterns)]
    return [*tables(name), *dataset_files(name), *arm_files(name, own)] if own else []


def shows(panels, name):
    """The arms and experiments that some panels have to show."""
    heads = [registry.panel_metadata(panel) for panel in panels]
    one = STUDIES[name]
    arms = [arm for arm in arms_of(name) if any(one.fits(arm, head["RUNS"]) for head in heads)]
    asked = {experiment for head in heads for experiment in head.get("EXPERIMENTS", [])}
    return [*arms, *sorted(asked & set(experiments_of(name)))]


def drawn(panel):
    """The files of a panel; `snakemake --report` shows the figure and its numbers."""
    svg, csv = map(str, place.Paths.of("{study}").panel(panel))
    folder, title = panel.split("/")[0], registry.panel_metadata(panel)["TITLE"]
    own = {
        "caption": "../replication/report/caption.rst",
        "category": pages.STUDY.get(folder, folder),
    }
    figure, numbers = (own | {"labels": {"shows": title, "as": form}} for form in ("figure", "csv"))
    return [report(svg, **figure), report(csv, **numbers)]


for folder, panels in FOLDERS.items():

    rule:
        # Draw all panels of a paper in one process: its start takes as long as a figure.
        name:
            f"draw_{folder}"
        input:
            lambda w, panels=panels: list(
                dict.fromkeys(file for panel in panels for file in shown(panel, w.study))
            ),
        output:
            [file for panel in panels for file in drawn(panel)],
        log:
            f"results/{{study}}/logs/panel/{folder}.log",
        localrule: True
        params:
            folder=folder,
            shows=lambda w, panels=panels: shows(panels, w.study),
            key=lambda w, panels=panels: [keys.draw(STUDIES[w.study], p).own for p in panels],
            captions={h["TITLE"]: h["CAPTION"] for h in map(registry.panel_metadata, panels)},
        message:
            f"Draw {folder} of {{wildcards.study}}"
        shell:
            "python -m replication panel {params.folder} --study {wildcards.study} 2>&1 | tee {log} >&2"
