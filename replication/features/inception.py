"""Inception-v3 with the weights of TensorFlow, 2015: the extractor of all published FID, IS and KID.

Heusel et al. (2017) and Salimans et al. (2016) took it, by torch-fidelity's port, which resizes as
TensorFlow 1 did. The logits carry no bias, as in the published inception scores. Precision and recall
by its features are not those of Kynkäänniemi et al. (2019), who took VGG-16. Inception has never seen
digits: on MNIST its scores follow convention more than meaning.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import torch
from torch import Tensor
from torch_fidelity.feature_extractor_inceptionv3 import (
    URL_INCEPTION_V3,
    FeatureExtractorInceptionV3,
)

from replication.features._base import Extractor, colour, weights
from replication.jobs.files import ResultsError
from replication.plan.config import Evaluation
from replication.plan.paths import Paths

LABEL = "Inception-v3"
TRAINED_ON = "ImageNet"
DIMENSION = 2048
CANONICAL = True

#: Of the file that `URL_INCEPTION_V3` names; its name carries the first eight digits.
SHA256 = "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2"

BLOCK = 32  # images of 299 x 299 a forward pass: half a gigabyte


def load(paths: Paths, dataset: str, evaluation: Evaluation, device: torch.device) -> Extractor:
    """The net, from ``evaluation.inception_weights`` or, where that is not set, downloaded once.

    Raises:
        ResultsError: there are no weights and no network, or the weights are others.
    """
    return build(found(evaluation.inception_weights), device)


def build(path: Path, device: torch.device, sha256: str | None = SHA256) -> Extractor:
    """The net with the weights of a file.

    Args:
        path: of a state dict in the layout of torch-fidelity.
        device: where the net is to be.
        sha256: as in `weights`.
    """
    remedy = f"download {URL_INCEPTION_V3} again"
    state = weights(path, sha256, remedy)
    # torch-fidelity would unpickle whatever the file holds: it gets a copy of what was read safely.
    torch.save(state, safe := io.BytesIO())
    safe.seek(0)
    net = FeatureExtractorInceptionV3(
        "inception-v3-compat",
        [str(DIMENSION), "logits_unbiased"],
        feature_extractor_weights_path=safe,
    ).to(device)

    def see(images: Tensor) -> tuple[Tensor, Tensor]:
        features, logits = net(colour(images))
        return features, logits

    return Extractor(see, BLOCK, sha256 or "", device)


def found(given: str | None) -> Path:
    """The file of the weights: the user's own, or torch's copy of the published one, fetched if need be."""
    if given is not None:
        return Path(given).expanduser()
    name = URL_INCEPTION_V3.rsplit("/", 1)[1]
    path = Path(torch.hub.get_dir()) / "checkpoints" / name
    if not path.exists():
        _download(path)
    return path


def _download(path: Path) -> None:
    """Fetch the published weights; they appear whole and checked, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        torch.hub.download_url_to_file(
            URL_INCEPTION_V3, str(path), hash_prefix=SHA256, progress=sys.stderr.isatty()
        )
    # No network is an OSError; a proxy's page in place of the file has another hash, a RuntimeError.
    except (OSError, RuntimeError) as error:
        raise ResultsError(
            f"evaluation.extractor: inception: no weights here and no download "
            f"({' '.join(str(error).split())}); fetch {URL_INCEPTION_V3} on another machine and set "
            "evaluation.inception_weights in params.yaml to the file"
        ) from None
