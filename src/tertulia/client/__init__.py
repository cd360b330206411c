"""The view from the other side: what a client, a terminal or a model needs to speak with a server.

What belongs here: a session without sockets, its events, a view of rooms, and one shell with sockets.
What must not: anything of the server's.
"""
