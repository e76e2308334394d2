"""Least-squares GAN (Mao et al. 2017)."""

LABEL = "LSGAN"
COLOUR = "#E69F00"
ESTIMATE = {"name": "Pearson chi2", "symbol": "χ²", "unit": "0 to 2"}
RECIPE = {
    "source": "loss: Mao et al. 2017, Eqs. 2 and 9; optimiser: the authors' code of the stability comparison",
    "loss": "least_squares",
    "loss_options": {"coding": [0.0, 1.0, 1.0]},
    "optimiser": "adam",
    "critic_lr": 2e-4,
    "generator_lr": 2e-4,
    "betas": [0.5, 0.999],
    "n_critic": 1,
    "batch": 64,
    "z": "uniform",
    "deviations": [
        "z has the net's dimension (authors' code: 1024)",
        "Adam's learning rate is 2e-4 as in the authors' stability code; their scene models use 1e-3",
    ],
}
