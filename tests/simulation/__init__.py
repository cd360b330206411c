"""The whole server in a simulated world: clock, network, store and clients come from one seed.

`python -m tests.simulation SEED` plays a seed; `play(seed, steps)` in `world.py` is the same as a function.
"""
