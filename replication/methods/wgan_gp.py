"""Wasserstein GAN with gradient penalty (Gulrajani et al. 2017)."""

LABEL = "WGAN-GP"
COLOUR = "#009E73"
ESTIMATE = {"name": "W", "symbol": "Ŵ", "unit": "pixel distance"}
RECIPE = {
    "source": "Gulrajani et al. 2017, Algorithm 1",
    "loss": "wasserstein",
    "techniques": {"gradient_penalty": {"lambda_gp": 10.0}},
    "optimiser": "adam",
    "critic_lr": 1e-4,
    "generator_lr": 1e-4,
    "betas": [0.0, 0.9],
    "n_critic": 5,
    "batch": 64,
    "z": "normal",
    "critic_norm": "none",
    "deviations": [
        "beta1 = 0 as in Algorithm 1; the authors' MNIST code has beta1 = 0.5 and batch 50",
        "tanh outputs in [-1, 1], as in the compared papers; the authors' MNIST code has a sigmoid and [0, 1]",
    ],
}
