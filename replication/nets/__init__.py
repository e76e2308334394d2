"""One file per net: `generator`, `critic` and `autoencoder`, all with a leading seeds axis."""
