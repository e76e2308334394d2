"""Panels that ask whether a training signal can be read as progress."""

TITLE = "Can I read my loss?"
