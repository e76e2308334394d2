"""Energy-based GAN (Zhao et al. 2017): the critic is an autoencoder, its score the reconstruction error."""

LABEL = "EBGAN"
COLOUR = "#56B4E9"
ESTIMATE = {"name": "energy gap", "symbol": "ΔE", "unit": "pixel distance"}
RECIPE = {
    "source": "Zhao et al. 2017, Eqs. 1-4 and Table 1 (Adam 1e-3, margin 10); pulling-away weight 0.1",
    "loss": "energy",
    "loss_options": {"margin": 10.0},
    "techniques": {"pulling_away": {"pulling_away": 0.1}},
    "critic": "autoencoder",
    "optimiser": "adam",
    "critic_lr": 1e-3,
    "generator_lr": 1e-3,
    "betas": [0.5, 0.999],
    "n_critic": 1,
    "batch": 64,
    "z": "normal",
    "critic_norm": "none",
    "deviations": [
        "the energy is the Euclidean norm over an image in [-1, 1]; the paper's MNIST scale is not printed",
        "one pair of shared nets; the paper searches over 512 multilayer perceptrons",
        "no pre-training on real images (a lecturer's advice, not the paper's); see the technique “pretraining”",
    ],
}
