"""The load generator's own tests: what it counts is right, and what it tells follows from it."""
