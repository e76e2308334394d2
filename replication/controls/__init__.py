"""What a trained arm must show before its numbers speak of a claim: one control, one file.

A control is asked of an arm by the tests of a paper.yaml that name it (`replication.claims.schema.Control`), and
measured for every arm of a study: controls.csv. Its head says ``LABEL`` and ``UNIT``, and which arms it can be measured
of: ``NEEDS``, "images" or "points". Its one function is ``measured(arm: Trained) -> Series``, a number for every seed
that finished; a seed without one is NaN.
"""
