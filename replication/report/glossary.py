"""The words of the field, as this study uses them; entries for metrics and methods come from their files."""

from __future__ import annotations

import re
from dataclasses import dataclass

from replication.plan import registry
from replication.report.tables import DASH

GAME = {
    "Generator": "A net that turns noise z into a sample. It never sees the data; all it learns comes through the "
                 "critic.",
    "Critic, discriminator": "The generator’s opponent, which scores samples. A discriminator’s score is a probability "
                             "to be real; a critic’s is any number, of which only differences count.",
    "n_critic": "Critic steps before each step of the generator. More steps leave a critic closer to the best one, "
                "and fewer steps of the generator within the same budget.",
    "Saturation": "The state in which the generator’s loss is so flat that its gradient all but vanishes. The minimax "
                  "loss saturates where the discriminator is sure; the non-saturating one was made to avoid this.",
    "Mode, collapse": "A mode is a cluster of the data: a Gaussian of a mixture, a class of digits. Collapse is a "
                      "generator that leaves modes out and repeats itself in the others.",
    "Weight clipping": "Cutting every weight of the critic to a fixed range after each step. It bounds the "
                       "critic’s Lipschitz constant, by an amount that depends on depth and width.",
    "Gradient penalty, λ (lambda_gp)": "A term in the critic’s loss that pulls the norm of its gradient towards one at "
                                       "points between data and samples; λ is its weight.",
    "Spectral normalisation": "Dividing each weight matrix by its largest singular value, so that each layer has a "
                              "Lipschitz constant of at most one.",
    "Lipschitz constant, K": "The largest slope of a function. A critic whose slopes are all one or less cannot "
                             "overstate W1.",
    "Recipe, variant, arm": "A recipe is how a method is trained; a variant is a named change to it. An arm is a "
                            "method and a variant on one data set with one net, run over several seeds.",
    "Seed": "The number from which all random draws of a run follow. Equal seeds pair the arms: they share data order, "
            "noise and, where shapes agree, first weights.",
    "Checkpoint": "A step at which a run’s weights are kept and its samples measured.",
}  # fmt: skip

DISTANCES = {
    "KL": "Kullback-Leibler divergence: the mean of the log ratio of two densities under the first of them. Infinite "
          "where the second misses something that the first has.",
    "JS": "Jensen-Shannon divergence: the mean KL of two distributions to their average. Never above log 2, and "
          "exactly that for any two that do not touch. What the best discriminator of a GAN measures.",
    "TV": "Total variation: the largest difference of the probabilities that two distributions give to one event.",
    "Pearson χ²": "The mean squared relative difference of two densities. What LSGAN minimises under suitable codes.",
    "W1": "Wasserstein-1, or earth mover’s distance: the least mean distance that mass must travel to turn one "
          "distribution into the other. It still tells near from far where they do not touch.",
    "Exact W1": "W1 between two finite samples, solved as a linear programme: no critic, and no net, is involved.",
    "Estimate": "The critic’s own value of the distance, without penalty terms. On held-out data it is a lower bound, "
                "up to the noise of the sample, where the critic obeys its constraint and scores each sample by "
                "itself; batch normalisation in the critic or training data can lift it above the distance.",
    "Held-out estimate": "The estimate on data that the critic was not trained on. An estimate on training data can "
                         "also rise because the critic has memorised them.",
    "Score gap over K": "The critic’s mean score of data less that of samples, over its Lipschitz estimate: roughly a "
                        "lower bound on W1, for critics of all methods alike. Between the samples a critic may be "
                        "steeper, so the true bound may be lower.",
}  # fmt: skip

STATISTICS = {
    "Spearman’s ρ": "Correlation of ranks: 1 where two series rise and fall together in any shape, 0 where they are "
                    "unrelated, −1 where one falls as the other rises.",
    "Tracking": "Spearman’s ρ of an estimate with a quality over the checkpoints of a run. It says whether a loss may "
                "be read as progress.",
    "Interval": "A 95 % interval: a range made in such a way that it holds the true mean in 95 % of repetitions.",
    "t corrected for skewness": "Student’s t assumes symmetric noise. Hall’s cubic of it (1992) takes the sample’s "
                                "skewness into account, and its interval reaches farther to the side of the long tail.",
    "TOST": "Two one-sided tests: shows that a difference lies inside margins named beforehand. Failing to find a "
            "difference does not show that.",
    "Again in 93 of 100": "How often other seeds would give the same verdict, by a bootstrap over the seeds that were "
                          "run. About half means that the verdict hangs on chance.",
    "Holm": "A correction for testing many numbers, used where two studies are compared: the smallest p is multiplied "
            "by their number, the next by one less, and so on.",
    "Smallest effect of interest": "The threshold that a claim’s estimate must reach, written down before the runs; an "
                                   "effect below it is not what the sentence meant.",
    "Real-data reference": "The score of real training data against held-out data. A generator that reaches it "
                           "cannot be told from real data by that metric; chance, or copies of the data, can do "
                           "slightly better.",
    "Protocol": "How a score was measured: the extractor, the numbers of samples, the splits. Scores of different "
                "protocols are different quantities under one name.",
    "Extractor": "The net whose features a score compares; its name is part of the score’s.",
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A word and what it means here."""

    term: str
    anchor: str
    text: str


@dataclass(frozen=True)
class Group:
    """Entries on one matter, by alphabet."""

    title: str
    anchor: str
    entries: list[Entry]


def glossary() -> list[Group]:
    """All entries. Those of metrics, methods and extractors are what their files say of themselves."""
    return [
        _group("The game", GAME),
        _group("Distances", DISTANCES),
        _group("Scores of samples", _scores()),
        _group("What scores look through", _components("features")),
        _group("Methods", _components("methods")),
        _group("Statistics", STATISTICS),
    ]


def _scores() -> dict[str, str]:
    """Every metric: its first line, what is better, and its unit. Metrics of one name share an entry."""
    said: dict[str, str] = {}
    for metric in registry.ids("metrics"):
        head, about = registry.metadata("metrics", metric), registry.summary("metrics", metric)
        text = f"{about} {head['DIRECTION'].capitalize()} is better; unit: {head['UNIT'] or DASH}."
        label = head["LABEL"]
        said[label] = f"{said[label]} {text}" if label in said else text
    return said


def _components(kind: str) -> dict[str, str]:
    """Every component of a folder under its label."""
    found = registry.ids(kind)
    return {
        str(registry.metadata(kind, name)["LABEL"]): registry.summary(kind, name) for name in found
    }


def _group(title: str, said: dict[str, str]) -> Group:
    prefix = _slug(title)
    entries = [
        Entry(term, f"{prefix}-{_slug(term)}", said[term])
        for term in sorted(said, key=str.casefold)
    ]
    return Group(title, prefix, entries)


def _slug(text: str) -> str:
    """A term as an id; letters and signs beyond ASCII stay, so that FID and FID∞ differ."""
    return re.sub(r"[\s,()_-]+", "-", text.lower()).strip("-")
