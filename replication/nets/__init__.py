"""One file per net, whose metadata says what it takes and what it can be.

``TAKES``: "images", "points" or both. ``SIDES``: the sides in pixels of the square images that it takes; without
it, any image. ``ROLES``: the functions of the file that build a net, "generator", "critic" and perhaps
"autoencoder", with a leading seeds axis, or for one seed where ``PER_SEED`` is True. ``LABELLED``: whether they are
given classes. ``OFFERS``: what its critic has for techniques. ``SETTINGS``, ``CHOICES`` and ``INIT``: its defaults.
"""
