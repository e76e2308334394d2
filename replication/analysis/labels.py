"""Ids of arms and of their parts, as a reader sees them. No torch, no pandas and no matplotlib here."""

from __future__ import annotations

import re
from functools import cache

from replication.plan import registry
from replication.plan.study import AND

#: The variant that is a method's own recipe, unchanged.
PLAIN = "paper"

#: Variants, or what follows "decay_" in them, whose id would not tell a reader enough.
VARIANTS = {
    "adam": "Adam",
    "decay": "decaying lr",
    "high_rate": "high lr",
    "mixture_decay": "mixture recipe",
    "no_norm_rmsprop": "no norm, RMSProp",
    "one_sided": "one-sided",
    "pacgan2": "PacGAN2",
    "pearson": "Pearson",
    "resnet_of_gulrajani": "recipe of Gulrajani et al.",
    "resnet_of_miyato": "recipe of Miyato et al.",
    "rmsprop": "RMSProp",
    "spectral_norm_for_clipping": "spectral norm instead of clipping",
    "two_rates": "two learning rates",
}

#: Settings of variants that have a number.
SETTINGS = {
    "beta1": "β1 {}",
    "clip": "clip {}",
    "lambda": "λ {}",
    "lr": "lr {}",
    "margin": "margin {}",
    "n_critic": "{} critic steps",
    "search": "random setting {}",
}
_SETTING = re.compile(rf"(?:^|_)({'|'.join(SETTINGS)})_([\d.]+(?:e-?\d+)?)(?=_|$)")

#: Nets under another name; those of a family have a number.
ALIASES = {
    "constant_filters_16": "DCGAN with constant filters",
    "elu_critic_16": "ELU critic",
    "gated_16": "DCGAN with gated units",
    "perceptron_generator_16": "MLP generator, DCGAN critic",
    "points_lsgan": "MLP of Mao et al.",
    "resnet101_4": "ResNet-101 (width 4)",
    "softplus_critic_16": "softplus critic",
    "tanh_16": "DCGAN with tanh units",
}
FAMILIES = {
    r"critic_width_(\d+)": r"critic width \1",
    r"dcgan_(\d+)": r"DCGAN (width \1)",
    r"grid_(\d+)": r"MLP \1 of the grid",
    r"mlp_(\d+)": r"MLP (width \1)",
    r"random_(\d+)": r"random architecture \1",
}

#: The net of points that goes without saying.
USUAL = "points"


#: Other ids that are no words of the field.
WORDS = {
    "falling_dcgans": "falling DCGANs",
    "fig1_line": "GAN on a line",
    "frozen_dcgans": "frozen DCGANs",
    "known_w1": "known W1",
    "warm_up": "warm-up",
}


def words(identifier: str) -> str:
    """An id as words."""
    return WORDS.get(identifier) or identifier.replace("_", " ").replace("+", " + ")


@cache
def method(name: str) -> str:
    """``WGAN-GP`` for ``wgan_gp``."""
    return str(registry.metadata("methods", name)["LABEL"])


def variant(name: str) -> str:
    """``clip 0.1, 5 critic steps`` for ``decay_clip_0.1_n_critic_5``; of joined variants each."""
    return " + ".join(map(_change, name.split("+")))


def net(name: str) -> str:
    """``DCGAN (width 8)`` for ``dcgan_8``; an alias of somebody's own as words."""
    if name in registry.ids("nets"):
        return str(registry.metadata("nets", name).get("LABEL", words(name)))
    if name in ALIASES:
        return ALIASES[name]
    for pattern, label in FAMILIES.items():
        if found := re.fullmatch(pattern, name):
            return found.expand(label)
    return words(name)


def dataset(name: str) -> str:
    """The label in the head of a data set's file; the user's own data go by their name."""
    known = name in registry.ids("data")
    return str(registry.metadata("data", name)["LABEL"]) if known else words(name)


def protocol(text: str) -> str:
    """A metric's protocol with labels in place of the ids of data sets: ``LeNet on MNIST (5,000 digits) features``."""
    return re.sub(r"\bon (\w+) features", lambda m: f"on {_inner(m[1])} features", text)


def arm(name: str) -> str:
    """``WGAN (clip), clip 0.1 on Ring of 8``, also of several arms with `AND` between them, or of a pattern.

    A name of another form, or of an unknown method, stays as it is.
    """
    parts = [one.split("/") for one in name.split(AND)]
    if any(len(one) == 2 and one[1] == "*" for one in parts):
        return f"arms on {AND.join(_inner(one[0]) for one in parts)}"
    if any(len(one) != 4 or one[2] not in registry.ids("methods") for one in parts):
        return name
    alike = len({tuple(one[:2]) for one in parts}) == 1
    said = [_recipe(*one[2:]) + ("" if alike else _where(*one[:2])) for one in parts]
    return AND.join(said) + (_where(*parts[0][:2]) if alike else "")


def _change(name: str) -> str:
    own = name.removeprefix("decay_")
    if own in VARIANTS:
        return VARIANTS[own]
    if found := re.fullmatch(r"setting_([a-f])", own):
        return f"setting {found[1].upper()}"
    said = _SETTING.sub(lambda m: f";{_set(m[1], m[2])};", own)
    parts = [part.strip("_") for part in said.split(";")]
    return ", ".join(VARIANTS.get(part, words(part)) for part in parts if part)


def _set(setting: str, value: str) -> str:
    said = SETTINGS[setting].format(value)
    return said.removesuffix("s") if (setting, value) == ("n_critic", "1") else said


def _recipe(of: str, changed: str) -> str:
    return method(of) if changed in (PLAIN, "decay") else f"{method(of)}, {variant(changed)}"


def _where(data: str, used: str) -> str:
    return ("" if used == USUAL else f", {net(used)},") + f" on {_inner(data)}"


def _inner(name: str) -> str:
    """The label of a data set within a sentence: ``MNIST (5,000 digits)``."""
    label, _, size = dataset(name).partition(", ")
    return f"{label} ({size})" if size else label
