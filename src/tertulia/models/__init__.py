"""Language models as members of rooms: they look through `client`, as any program elsewhere would.

What belongs here: providers, the local runtime, manners, and the member that ties them. What must not:
anything of the server's; a model has no door of its own.
"""
