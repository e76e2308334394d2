"""The form of a net: images or z go in, and labels where there are any; a critic's features can be asked for.

The loop gives every net its input and labels or None. A critic whose net offers features has `width`, and

- ``features(images, labels=None)``: its last hidden layer, [seeds, batch, width];
- ``score(features, images, labels=None)``: the scores [seeds, batch] of images whose features are known.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn


class Chain(nn.Sequential):
    """Layers one after the other; labels are not looked at."""

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """What the last layer makes of x."""
        for layer in self:
            x = layer(x)
        return x


class Critic(Chain):
    """Layers that end in a head, which turns features into scores.

    Args:
        body: from images [seeds, batch, ...] to features [seeds, batch, width].
        head: from features to scores [seeds, batch].
        width: of the features.
    """

    def __init__(self, body: list[nn.Module], head: list[nn.Module], width: int) -> None:
        super().__init__(*body, *head)
        self.cut, self.width = len(body), width

    def features(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        """The last hidden layer."""
        for layer in list(self)[: self.cut]:
            images = layer(images)
        return images

    def score(self, features: Tensor, images: Tensor, labels: Tensor | None = None) -> Tensor:
        """Scores of images whose features are known."""
        for layer in list(self)[self.cut :]:
            features = layer(features)
        return features


class Around(nn.Module):
    """A critic with something around it; what is not overridden is the critic's own."""

    def __init__(self, critic: nn.Module) -> None:
        super().__init__()
        self.critic: Any = critic

    @property
    def width(self) -> int:
        """Of the features."""
        width: int = self.critic.width
        return width

    def features(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        """The critic's features."""
        rows: Tensor = self.critic.features(images, labels)
        return rows

    def score(self, features: Tensor, images: Tensor, labels: Tensor | None = None) -> Tensor:
        """Scores of images whose features are known."""
        scores: Tensor = self.critic.score(features, images, labels)
        return scores

    def forward(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        """Scores [seeds, batch], by way of the features."""
        return self.score(self.features(images, labels), images, labels)
