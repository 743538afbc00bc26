"""The engine by definition: exact, naive, nothing shared with the kernel.

Every number is a fraction, or a decimal of 60 digits where a logarithm is in it; every search looks at every node. Written
from the definitions of the models and losses alone, so that a mistake of the kernel is not made here a second time.
"""
