"""The record of everything that was done and refused: a hash chain for each organisation."""
