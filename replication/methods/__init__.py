"""One file per method: a loss and ordered techniques with a recipe, all as data."""
