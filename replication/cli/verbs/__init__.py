"""What the command line can do: one verb, one file, with a function of its name.

The function's docstring and parameters are those of the command, and ``OPTIONS`` says what its options mean. Imports
wait until a verb needs them, so that ``--help`` does not load torch.
"""
