"""One file per loss: what critic and generator minimise, and what the critic's scores say of the distance."""
