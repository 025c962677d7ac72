"""Where contents of the record came from on the web, for whoever reads them again.

Belongs here: one look into the collector's record. Does not belong here: collecting. Nothing here needs a network library.
"""

from __future__ import annotations

from flows.files import Origin
from flows.home import Home

from .store import Collected


def origins(where: Home) -> dict[str, Origin]:
    """The origin of every place on the web; empty for a home that never collected."""
    if not where.collected.is_file():
        return {}
    record = Collected(where.collected)
    try:
        out = {}
        for publication in record.publications():
            for file in record.files(publication.address):
                if file.role != "hop":
                    name = file.name or "page.html"
                    out[file.address] = Origin(file.address, publication.address, name, publication.evidence)
        return out
    finally:
        record.close()
