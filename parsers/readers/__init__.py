"""From the bytes of a file to a `Document`: one reader for each format.

Belongs here: a format's markup, what of it is visible, and converters. Does not belong here: recognising a format
(`files.sniff`), what a label or a figure means (`grammar`), which cell of a form a printed cell is (`tables`).
"""
