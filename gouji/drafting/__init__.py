"""Beginning the next draft: figures carried over from last year, and sentences around the figures.

Belongs here: what a new draft says. Does not belong here: how a Word file is made (`word`).
"""
