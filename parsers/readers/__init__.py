"""From the bytes of a file to a `Document`: one reader for each format.

Belongs here: recognising a format by its content, its markup, what of it is visible, and converters. Does not belong
here: what a label or a figure means (`grammar`), which cell of a form a printed cell is (`tables`).
"""
