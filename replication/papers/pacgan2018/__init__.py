"""Lin et al. 2018, PacGAN: The power of two samples in generative adversarial networks."""

CITATION = "Lin, Khetan, Fanti and Oh 2018, PacGAN: The power of two samples in generative adversarial networks"
ARXIV = "1712.04086"
