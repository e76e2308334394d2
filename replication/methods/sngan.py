"""Spectrally normalised GAN (Miyato et al. 2018)."""

LABEL = "SN-GAN"
COLOUR = "#CC79A7"
ESTIMATE = {"name": "TV", "symbol": "TV", "unit": "0 to 1"}
RECIPE = {
    "source": "Miyato et al. 2018, Eqs. 16-17 and setting C of Table 1",
    "loss": "hinge",
    "techniques": {"spectral_norm": {"power_iterations": 1}},
    "optimiser": "adam",
    "critic_lr": 2e-4,
    "generator_lr": 2e-4,
    "betas": [0.5, 0.999],
    "n_critic": 1,
    "batch": 64,
    "z": "normal",
    "critic_norm": "none",
    "deviations": [
        "one power iteration per critic pass; real and generated images share the pass of a critic step, "
        "so that is one per step (authors' code: one for each half)",
        "the initial weights and the slope of the leaky ReLU (0.2; authors: 0.1) are those of the shared nets",
    ],
}
