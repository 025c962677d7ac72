"""From a `Document` to facts: which cell of a statutory form each printed cell is.

Belongs here: choosing the form, pairing rows and columns with labels, and tables whose grid was lost. Does not belong
here: any format's markup (`readers`), sentences (`prose`).
"""
