"""Word documents (.docx, .docm): the package's relationships lead to its parts, our own walk over the tree reads them.

Belongs here: what is for others of the walk. Does not belong here: older formats (`convert`).
"""

from .walk import OUR_AUTHOR, Origins, origins, read

__all__ = ["OUR_AUTHOR", "Origins", "origins", "read"]
