"""Tools of models: which there are, who may use which, calling them, and asking people before the world is
changed.

What belongs here: a file for each of these. What must not: formats of providers, settings' files.
"""
