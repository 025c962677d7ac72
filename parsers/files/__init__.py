"""Files as they come: archives, their members, and names that are no text.

Belongs here: getting at bytes within bounds. Does not belong here: what the bytes are (`readers`).
"""
