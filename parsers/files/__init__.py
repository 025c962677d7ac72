"""Files as they come and as they are written: archives and their members, names that are no text, what kind of file
some bytes are, whole files.

Belongs here: getting at bytes within bounds, recognising formats and encodings by content, putting bytes down safely.
Does not belong here: what stands in a file (`readers`).
"""
