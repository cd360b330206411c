"""Fuzzers: hostile input against everything that reads input. `python -m fuzz --seconds 60 --seed 1`.

A target is a function of a seeded `Random`; it does one round, and returns in peace or raises. Only errors
that are
documented may be raised inside; whatever comes out is a fault, and the seed of its round gives it again.
"""
