"""Workbooks of others, written again with something added and everything else as it was.

Belongs here: the reviewed copy of a workbook. Does not belong here: workbooks of our own (`show`, `summing`), reading
(`parsers.readers.spreadsheet`).
"""
