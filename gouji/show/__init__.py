"""Showing what a check found: grouped by cause, with the tables as printed, in text, HTML, Word and workbooks.

Belongs here: words, order and pictures of findings. Does not belong here: rules and explanations (`checks`), what a
command does with files (`gouji/*_command.py`).
"""
