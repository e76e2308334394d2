"""GAN, the minimax game itself (Goodfellow et al. 2014): the generator minimises log(1 - D(G(z)))."""

LABEL = "GAN (minimax)"
COLOUR = "#000000"
ESTIMATE = {"name": "JS", "symbol": "JS", "unit": "nats"}
RECIPE = {
    "source": "loss: Goodfellow et al. 2014, Eq. 1; optimiser and batch: Radford et al. 2015, section 4",
    "loss": "minimax",
    "optimiser": "adam",
    "critic_lr": 2e-4,
    "generator_lr": 2e-4,
    "betas": [0.5, 0.999],
    "n_critic": 1,
    "batch": 64,
    "z": "uniform",
    "deviations": [
        "Goodfellow et al. train maxout nets with momentum SGD (batch 100, learning rate 0.1, decayed) and dropout; "
        "here every objective gets one pair of nets, so its optimiser is the one of the DCGAN paper",
        "batch 64 (DCGAN: 128), the size that most of the compared papers use",
    ],
}
