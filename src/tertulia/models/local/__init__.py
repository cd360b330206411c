"""The model that lives here: which files there are, getting one, and the process that runs it.

What belongs here: the catalogue, the download, the runtime and bringing all three up. What must not: rooms,
members.
"""
