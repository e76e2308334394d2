"""One file per net, whose metadata says what it takes and what it can be.

``TAKES``: "images", "points" or both. ``SIDES``: the sides in pixels of the square images that it takes; without
it, any image. ``ROLES``: the functions of the file that build a net with a leading seeds axis, "generator",
"critic" and perhaps "autoencoder". ``SETTINGS``, ``CHOICES`` and ``INIT``: its defaults.
"""
