"""The project's own load generator: this server and its peers under the same work, side by side.

What belongs here: starting servers, making load, reading what it cost, telling it. What must not: anything
that the server imports; the generator knows it only through sockets, its configuration file and /proc.

`python -m benchmarks --help` for the measurements, `python -m benchmarks.crash --help` for the crash test.
"""
