"""Which claims of the GAN papers hold when you train them yourself?"""

__version__ = "0.1.0"
