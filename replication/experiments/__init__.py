"""One file per experiment: an experiment that no run of the study contains, with every seed trained at once.

A run trains a generator and a critic on a data set. An experiment asks what a critic does against an opponent that
stands still, or what a game of its own does that no method's file describes. Its file has one function,
``measure(budget: Experiments) -> DataFrame``: the seeds ``budget.numbers`` train together, steps are scaled by
``budget.steps``, and the table, with a column ``seed`` and no figure in it, is all that panels get to see.
"""
