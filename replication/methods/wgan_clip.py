"""Wasserstein GAN with weight clipping (Arjovsky et al. 2017)."""

LABEL = "WGAN (clip)"
COLOUR = "#D55E00"
ESTIMATE = {"name": "W", "symbol": "Ŵ", "unit": "K × pixel distance"}
RECIPE = {
    "source": "Arjovsky et al. 2017, Algorithm 1 and section 4",
    "loss": "wasserstein",
    "techniques": {"clipping": {"clip": 0.01}},
    "optimiser": "rmsprop",
    "critic_lr": 5e-5,
    "generator_lr": 5e-5,
    "n_critic": 5,
    "batch": 64,
    "z": "normal",
    "deviations": [
        "no warm-up (Algorithm 1 has none); the authors' code takes 100 critic steps before each of the first "
        "25 and every 500th generator step (technique “warm-up”)",
        "weights are clipped after each critic step, as Algorithm 1 says; the authors' code clips before it",
        "PyTorch's RMSProp, as in the authors' code (decay 0.99, epsilon outside the root); TensorFlow's differs",
    ],
}
