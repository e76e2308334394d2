"""Images of other people, scored against a data set."""
