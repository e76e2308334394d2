"""Lin et al. 2018, PacGAN: The power of two samples in generative adversarial networks."""
