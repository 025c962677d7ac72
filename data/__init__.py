"""Everything about data that is ours: generated documents, samples, and the scripts that build reference data.

Belongs here: what makes or holds documents and reference tables. Does not belong here: the product itself; nothing in
the shipped rooms imports from here.
"""
