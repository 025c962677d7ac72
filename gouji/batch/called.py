"""Whose a file is by what it is called.

Belongs here: the body that a file's name begins with, the member of a roster that it means. Does not belong here: what a
report in it says of itself (`schemas.bodies`), versions of one draft by their names (`round.versions`).
"""

from __future__ import annotations

import re
from pathlib import Path

from checks import Member, Roster
from schemas.bodies import body_named
from schemas.facts import Report
from schemas.labels import fold
from schemas.report_identity import ReportIdentity

# 01_, 附件3：, (定稿)
_BEFORE = re.compile(r"^(?:附件)?[\W\d_]*")
# What may follow the name of a body in that of its file; 教育局 stands in 教育局幼儿园 as well.
_BEHIND = re.compile(
    r"[\W\d_]|年报|年度|政府信息|信息公开|政务公开|报送|上报|提交|关于|报告|[的之]?函|说明|草稿|初稿|定稿|终稿|修改|修订|送审|报批|最终"
)


def name_in(path: str) -> str | None:
    """The name of a body with which a file's name begins (岳西县交通运输局2025年年报.docx); None where there is none."""
    stem = fold(Path(path.replace("\\", "/")).stem)
    text = _BEFORE.sub("", stem)
    for end in range(len(text), 1, -1):
        if (end == len(text) or _BEHIND.match(text, end)) and body_named(text[:end]).kind is not None:
            return text[:end]
    return None


def member_called(roster: Roster, path: str) -> Member | None:
    """The member whose a file is by its name: as the roster writes it, or by another wording of it (住建局, 住房和城乡建设局)."""
    stem = fold(Path(path.replace("\\", "/")).stem)
    named = [m for m in roster.members if any(fold(n) in stem for n in (m.name, *m.aliases))]
    if named:
        # 教育局 stands in 教育局幼儿园 as well: the longest name is meant.
        return max(named, key=lambda m: len(m.name))
    name = name_in(path)
    return roster.member(Report("", ReportIdentity(issuer=name))) if name is not None else None
