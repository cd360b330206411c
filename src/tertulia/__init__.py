"""Tertulia: a chat server in which people and language models are members of the same rooms."""

__version__ = "0.1.0"
