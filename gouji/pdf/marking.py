"""Where a PDF's copy is marked: remarks and shaded cells as boxes on pages.

Belongs here: what goes from the process that judges to the one that writes the copy. Does not belong here: annotations
(`reviewed_copy`), what is said and where (`show.remarks`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gouji.show.causes import SEVERITIES
from gouji.show.remarks import Remarks, softened
from schemas.facts import Box
from schemas.findings import Severity


@dataclass
class Mark:
    """What is marked on a page (from 1): boxes as displayed, or words to be found; without either a note at the edge."""

    page: int
    severity: Severity
    boxes: list[Box] = field(default_factory=list)
    text: str = ""
    sentence: str = ""


def marks_of(remarks: Remarks) -> list[Mark]:
    """The remarks and shaded cells of a file as marks on its pages."""
    at: dict[tuple[int, Box], Mark] = {}
    out: list[Mark] = []
    for cell, severity in remarks.shaded.items():
        place = remarks.places[cell]
        if place.page and place.box:
            mark = at.setdefault((place.page, place.box), Mark(place.page, severity, [place.box]))
            mark.severity = min(mark.severity, severity, key=SEVERITIES.index)
    for remark in remarks.remarks:
        place, text = remark.place, "\n".join(remark.lines)
        page = place.page or 1
        if place.box and not remark.sentence:
            if (page, place.box) not in at:
                at[page, place.box] = Mark(page, softened(remark.severity), [place.box])
            mark = at[page, place.box]
            mark.text = f"{mark.text}\n\n{text}" if mark.text else text
        else:
            boxes = [place.box] if place.box else []
            out.append(Mark(page, softened(remark.severity), boxes, text, (remark.sentence or "").strip("… \n")))
    for cell in remarks.shaded:
        place = remarks.places[cell]
        if place.page and place.box and not (mark := at[place.page, place.box]).text:
            # One remark speaks for many cells; a mark that opens onto nothing says nothing.
            mark.text = remarks.titles.get(cell, "")
    return [*at.values(), *out]
