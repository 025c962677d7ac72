"""Hostile and broken input, end to end: each ends in a clear sentence in seconds, and the file beside it is read."""
