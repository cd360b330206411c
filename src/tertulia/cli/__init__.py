"""The command line. It alone knows every room, and puts them together once."""
