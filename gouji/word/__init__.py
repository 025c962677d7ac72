"""Word files that we write: the statutory form, return slips, reviewed copies.

Belongs here: WordprocessingML. Does not belong here: what stands in a file (`drafting`, `show`, `summing`).
"""
