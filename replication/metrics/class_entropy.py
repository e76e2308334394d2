"""How evenly the classifier spreads generated images over the classes."""

from __future__ import annotations

import torch

from replication.metrics._base import Batch, Protocol

LABEL = "Class entropy"
DIRECTION = "higher"
UNIT = "nats"
LEAST = 0.0
NEEDS = "features"
PROTOCOL = "of the mean prediction for {samples:,} generated"


def compute(real: Batch, fake: Batch, protocol: Protocol) -> float:
    """-sum p(y) log p(y) of the mean prediction p(y); at most log(classes).

    This is the variety in the inception score: log IS is this entropy less the mean entropy of single
    predictions (Salimans et al. 2016, sec. 4). Therefore the mean of soft predictions, and not of hard
    ones, enters. Its price: images that the classifier cannot tell count as varied, so read it beside the
    inception score. From N images it is low by about (classes - 1) / 2N.
    """
    share = fake.logits.softmax(1).mean(0)
    return float(torch.special.entr(share).sum())
