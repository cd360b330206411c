"""The loop: one owner of the state, sessions, ticks and fan-out."""
