"""One file per data set: a head that says what it is, and ``read(root)``.

``read`` returns one part, which is split by hash, or two: the official train and test parts.
"""
