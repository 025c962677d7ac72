"""What running text says: whose report it is and of which year, figures in sentences, circulars.

Belongs here: reading words around names, years and figures. Does not belong here: tables (`tables`), whether a
sentence is right (`checks`).
"""
