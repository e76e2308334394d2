"""A generator without normalisation and with as many filters in every layer, against DCGAN's critic.

Arjovsky et al. 2017, figure 6. Their published code doubles the filters; the layers are those of the code of
Gulrajani et al. 2017, with DCGAN's kernels of 4.
"""

from __future__ import annotations

from torch import nn

from replication.nets import _layers as layers
from replication.nets import dcgan
from replication.nets._convolutions import Upsample2x
from replication.nets._critic import Chain
from replication.nets._layers import Settings
from replication.nets._rectifier import Rectifier
from replication.nets.dcgan import Shape

LABEL = "DCGAN with constant filters"
#: `width`: the generator's filters, and the critic's channels at the finest inner resolution.
SETTINGS = {"z_dim": 100, "width": 64, "generator_norm": "none", "critic_norm": "batch"}
INIT = "normal_0.02"
TAKES = ["images"]
SIDES = [28, 32, 64]
ROLES = ["generator", "critic"]
OFFERS = ["features"]


def generator(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """z [seeds, batch, z_dim] to images [seeds, batch, C, H, W] in (-1, 1)."""
    width = settings["width"]
    side, doublings = dcgan.plan(shape, width)
    grow: list[nn.Module] = []
    for _ in doublings[1:]:
        grow += [
            Upsample2x(seeds, width, width, bias=layers.needs_bias(norm)),
            *layers.norm(norm, seeds, width, running=True),
            Rectifier(),
        ]
    return Chain(
        dcgan.Project(seeds, settings["z_dim"], width, side),
        *layers.norm(norm, seeds, width, running=True),
        Rectifier(),
        *grow,
        Upsample2x(seeds, width, shape[0]),
        dcgan.Unfold(seeds),
    )


def critic(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """DCGAN's: images to scores [seeds, batch]."""
    return dcgan.critic(seeds, shape, settings, norm)
