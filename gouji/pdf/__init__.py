"""PDFs of others with something added behind their end; not a byte of theirs is touched.

Belongs here: the reviewed copy of a PDF. Does not belong here: reading (`parsers.readers.pdf`).
"""
