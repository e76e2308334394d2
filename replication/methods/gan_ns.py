"""GAN with the non-saturating generator loss -log D(G(z)) (Goodfellow et al. 2014, section 3)."""

LABEL = "GAN (non-saturating)"
COLOUR = "#0072B2"
ESTIMATE = {"name": "JS", "symbol": "JS", "unit": "nats"}
RECIPE = {
    "source": "loss: Goodfellow et al. 2014, section 3; optimiser and batch: Radford et al. 2015, section 4",
    "loss": "non_saturating",
    "optimiser": "adam",
    "critic_lr": 2e-4,
    "generator_lr": 2e-4,
    "betas": [0.5, 0.999],
    "n_critic": 1,
    "batch": 64,
    "z": "uniform",
    "deviations": ["batch 64 (DCGAN: 128), the size that most of the compared papers use"],
}
