"""Files as they come: archives and their members, names that are no text, what kind of file some bytes are.

Belongs here: getting at bytes within bounds, and recognising formats and encodings by content. Does not belong here:
what stands in a file (`readers`).
"""
