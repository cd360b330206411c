"""IRC as values: bytes to lines to values, and back. No I/O, no clock, no state of the network."""
