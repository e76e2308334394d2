"""The small classifier before any training: what a score owes to looking at pixels at all, and not to learning.

A control for the instruments, not a ruler for generators: its features know edges and places but no classes, and its
inception score means nothing.
"""

from __future__ import annotations

import hashlib

import torch

from replication.data import _base as data
from replication.features._base import Extractor
from replication.features.lenet import BLOCK, LeNet
from replication.plan.config import Evaluation
from replication.plan.paths import Paths
from replication.tensors import store

LABEL = "Untrained LeNet"
TRAINED_ON = ""  # its normalisation is set by each data set's own train part
CANONICAL = False

DIMENSION = 64  # the classifier's

SEED = 0
#: Train images that the normalisation of the features is set by.
SETTLE = 1_000


def load(paths: Paths, dataset: str, evaluation: Evaluation, device: torch.device) -> Extractor:
    """The net with drawn weights, on the CPU; its batch normalisation has seen the first train images."""
    images = data.load(paths.dataset(dataset))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        channels, height, width = images.shape
        net = LeNet((channels, height, width), classes=10)
    for layer in net.modules():
        if isinstance(layer, torch.nn.BatchNorm1d):
            layer.momentum = None  # a plain mean over what it sees, which is one batch
    with torch.no_grad():
        net.train()(images.train[:SETTLE])
    state = store.digest(net.state_dict())
    return Extractor(net.eval(), BLOCK, hashlib.sha256(state.encode()).hexdigest())
