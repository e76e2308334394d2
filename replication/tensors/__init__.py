"""Tensors before there is a net: random numbers, files, devices."""
