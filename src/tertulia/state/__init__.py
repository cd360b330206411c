"""Who and what exists. Events alter it, changes say what happened. No I/O, no clock, no chance."""
