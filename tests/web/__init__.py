"""The web client: its own tests, its build, and browsers against the real server."""
