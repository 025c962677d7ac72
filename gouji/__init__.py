"""勾稽: read and check annual reports on government information disclosure.

Belongs here: what a person touches: the command line, the Python API, pages.
Does not belong here: reading (`parsers`), rules (`checks`), schedules and the database (`flows`).
"""
