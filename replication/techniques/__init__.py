"""One file per technique: a constraint, a penalty or another add-on that any loss can take."""
