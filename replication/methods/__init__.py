"""One file per method: its recipe as data, its losses and penalties as pure functions."""
