"""The way from every older database to the newest shape.

What belongs here: Alembic's environment (`env.py`) and numbered steps (`versions/`). What must not: the
tables as they are now: a step spells out what it does, and is never edited once it has been released, for
some database has already taken it. A new step gets the next number, and `migrate.HEAD` names it.
"""
