"""The critic of EBGAN: an autoencoder whose score is its reconstruction error."""

from __future__ import annotations

from torch import Tensor, nn


class Autoencoder(nn.Module):
    """Energy |Dec(Enc(x)) - x|, the Euclidean norm over an image (Zhao et al. 2017, Eq. 3).

    Args:
        encoder: images [seeds, batch, C, H, W] to codes [seeds, batch, features].
        decoder: codes back to images.
    """

    def __init__(self, encoder: nn.Module, decoder: nn.Module) -> None:
        super().__init__()
        self.encoder, self.decoder = encoder, decoder

    def encode(self, images: Tensor) -> Tensor:
        """Codes [seeds, batch, features]."""
        codes: Tensor = self.encoder(images)
        return codes

    def energy(self, images: Tensor, codes: Tensor) -> Tensor:
        """Energies [seeds, batch] of images whose codes are known."""
        error = (self.decoder(codes) - images).flatten(2)
        # The norm has no gradient at 0, which a perfect reconstruction would reach.
        return (error.square().sum(2) + 1e-12).sqrt()

    def forward(self, images: Tensor) -> Tensor:
        """Energies [seeds, batch] of images [seeds, batch, C, H, W]."""
        return self.energy(images, self.encode(images))
