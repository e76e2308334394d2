"""One file per technique: an add-on to the critic that any method can take."""
