"""What a printed piece says: figures, marks and labels, the same for every format.

Belongs here: what readers, tables and sentences all ask of a piece of text. Does not belong here: where it stands
(`readers`), which cell it is (`tables`). Imports nothing of the other rooms of `parsers`.
"""
