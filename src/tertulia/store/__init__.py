"""The store room: what was said and what rooms remember, kept in memory or in SQLite behind `ports.Store`.

What belongs here: SQL, files, and the words for what can go wrong with them. What must not: who may read what
(`policy`), and what a client is told (`commands`, `server`). Begin with `open.py`.
"""
