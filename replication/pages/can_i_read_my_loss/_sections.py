"""What the page asks, section by section, in words; the numbers come from its panels."""

from __future__ import annotations

from typing import NamedTuple

from replication.analysis.answers import HIGH_LOW, HIGH_MEAN, LOW_HIGH

RULE = (
    "ρ is Spearman’s correlation of the critic’s estimate with how bad the samples are: 1 means that the estimate"
    f" falls exactly when samples get better. Yes: a mean of {HIGH_MEAN} or more and a 95 % interval above "
    f"{HIGH_LOW}. No: the interval lies below {LOW_HIGH}. The wrong way: the interval lies below 0; a test of rises "
    "counts this as no. Partly: the interval lies above 0, and neither the rule for yes nor that for no is met. "
    "Cannot tell: none of these. The papers’ claims are tested with the same "
    "thresholds. The answer for a method is the worst of the interventions made in a setting: frozen generators, "
    "rises in a fall, fall and recovery. A test whose controls fail is not counted: generators that are too much "
    "alike, or a fall that did not happen. Critics on frozen generators are read after the most steps that were "
    "tried, nearest to their optimum, and are not shown to be there, so they decide no claim; until 2026-12-01 "
    "they were read after 100 steps, when on digits the estimate of no critic ordered them yet. A critic whose order "
    "of the generators still changed over its last steps (ρ below 0.9) can pass and cannot fail. That the worst "
    "counts, and that rises are a test, was decided after the falls of these seeds had been seen; for the DCGANs on "
    "60,000 digits all of this stood before they ran, and one thing was changed after: there rises are no test. The "
    "rule looks at the moment when samples are worst; some estimates are highest many steps later, and it would call "
    "that no rise. What it would have given stands over the curves."
)


class Asked(NamedTuple):
    """A section: its title, what is asked, the panels that answer and the tests that they decide."""

    anchor: str
    title: str
    about: str
    panels: tuple[str, ...]
    tests: tuple[str, ...] = ()


SECTIONS = (
    Asked(
        "estimate",
        "Which number is the estimate?",
        "The estimate is what the critic says of the distance on held-out data, without penalty terms, logged after "
        "its own steps and before the generator’s: Ŵ for the Wasserstein GANs, JS for the GANs, χ² for LSGAN, TV for "
        "SN-GAN, the energy gap for EBGAN. Logged after the generator’s step it would describe a critic that is one "
        "step behind. Divided by K, its Lipschitz estimate (the largest slope found), the score gap of any critic is "
        "roughly a lower bound on the Wasserstein distance. Whether a critic is near its optimum is a control: a "
        "copy of it is trained on for 100 steps.",
        ("critic_lag",),
    ),
    Asked(
        "rivals",
        "Does it say more than a clock?",
        "Samples mostly improve with the step, so a clock follows quality, and so does any number "
        "that falls in time. A "
        "signal is worth reading where it says more: given the step, and late in training. Where a "
        "score improves at "
        "every checkpoint nothing is left to say given the step, and the correlation is not defined.",
        ("rivals_2d", "rivals"),
    ),
    Asked(
        "frozen",
        "Frozen generators: what the objective knows",
        "Generators of several methods, ages and seeds, some with noise in their weights, are "
        "frozen. Then a critic of "
        "each objective is trained on each of them from the same start. What it says it cannot have "
        "from the order of "
        "training.",
        ("frozen", "frozen_images", "frozen_dcgans"),
        ("frozen",),
    ),
    Asked(
        "falls",
        "Fall and recovery: does it rise when samples get worse?",
        "A distance rises when samples get worse; a clock never does. Runs that have learned are "
        "disturbed, and recover. "
        "A game rises where its estimate rises with W1 and falls again under every disturbance; “rises in a fall” is 1 "
        "where every game does, and −1 where none does.",
        ("falls", "falling_dcgans"),
        ("rise", "fall"),
    ),
    Asked(
        "settings",
        "Across runs, failed ones among them",
        "Arjovsky et al. 2017 show a failed run whose estimate stays high. Here learning rates, nets "
        "and methods are "
        "compared at equal generator steps, and some of the runs are bound to fail.",
        ("settings",),
        ("settings",),
    ),
    Asked(
        "choosing",
        "Stopping and choosing",
        "What is lost by choosing the checkpoint, or the run, by a signal and not by the quality "
        "that it stands for.",
        ("choosing",),
    ),
)

#: What `replication.analysis.answers.finding` says of ordinary runs, after "the estimate".
IN_RUNS = {
    "signal": "says more than the step",
    "hint": "says something that the step does not",
    "early": "says nothing once half of the way is gone",
    "clock": "says no more than the step, as far as these runs show",
    "nothing": "says nothing",
    "reversed": "rises while samples improve",
    "undecided": "cannot be told from a clock",
}

#: The answers, method by method.
ANSWERS = (
    "Whether the critic’s estimate can be read as the quality of samples: the worst answer of the interventions made "
    "in a setting, and which one gave it; then what ordinary runs show, in which a clock does well too."
)
UNASKED = "Ordinary runs alone"

#: The opening: a test, its words, a sentence on the methods with one of them, and who stands in it where none has.
SUMMARY = (
    (
        "frozen",
        ("Yes",),
        "after the most steps of the critic the estimates of {} order frozen generators by quality.",
        "no method",
    ),
    (
        "rise",
        ("Yes", "Partly"),
        "Those of {} are shown to rise when samples get worse.",
        "no method",
    ),
    ("rise", ("No", "The wrong way"), "Those of {} do not.", "no other method"),
    (
        "settings",
        ("Yes", "Partly"),
        "Across learning rates and nets the estimates of {} tell good runs from bad ones.",
        "no method",
    ),
)

#: And on ordinary runs.
ORDINARY = (
    "In ordinary runs on images {every} arms brought FID most of its way ({way} or more). In {high} of them the "
    "estimate follows FID, and in {more} it says more of FID than the step; in {unsaid} FID improves so steadily that "
    "nothing is left to say given the step."
)

#: What choosing costs.
CHECKPOINT = (
    "In {setting}, mean over the {n} that learned: the checkpoint with the lowest estimate costs {estimate} % of "
    "quality, that with the lowest score gap over K {over_k} %, the last one {clock} %."
)
RATE = (
    "Across learning rates in 2-D: the learning rate with the lowest estimate costs {estimate} % of W1, that with the "
    "lowest score gap over K {over_k} %, one drawn at random {random} %; mean over methods and nets, with its 95 % "
    "interval."
)

#: How often a failed run is betrayed by its estimate.
FAILURES = (
    "Of a run that failed and one that did not, the failed one has the higher estimate in so many pairs: {methods}; "
    "half is chance, and intervals are a bootstrap over settings."
)

#: What more critic steps do to the order of frozen generators.
LADDER = (
    "ρ of a critic’s estimate with how bad the frozen generators are, by the steps that the critic was trained on each "
    "of them; mean over seeds."
)
TOO_ALIKE = (
    "{title}: not reached, for the generators are too much alike, or their quality too noisy: the "
    "worst is {apart} times "
    "as bad as the best, and {needed} were needed."
)
