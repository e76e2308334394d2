"""The critic of EBGAN: an autoencoder whose score is its reconstruction error."""

from __future__ import annotations

from torch import Tensor, nn


class Autoencoder(nn.Module):
    """Energy |Dec(Enc(x)) - x|, the Euclidean norm over an image (Zhao et al. 2017, Eq. 3).

    Args:
        encoder: images [seeds, batch, C, H, W] to codes [seeds, batch, width].
        decoder: codes back to images.
        width: of the codes.
    """

    def __init__(self, encoder: nn.Module, decoder: nn.Module, width: int) -> None:
        super().__init__()
        self.encoder, self.decoder, self.width = encoder, decoder, width

    def features(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        """Codes [seeds, batch, width]."""
        codes: Tensor = self.encoder(images)
        return codes

    def score(self, features: Tensor, images: Tensor, labels: Tensor | None = None) -> Tensor:
        """Energies [seeds, batch] of images whose codes are known."""
        error = (self.decoder(features) - images).flatten(2)
        # The norm has no gradient at 0, which a perfect reconstruction would reach.
        return (error.square().sum(2) + 1e-12).sqrt()

    def forward(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        """Energies [seeds, batch] of images [seeds, batch, C, H, W]."""
        return self.score(self.features(images), images)
