"""Next year's form as one file beside the built-in ones, for the tests of every room.

Belongs here: the file, and knowing it for a while in this process. Does not belong here: what any room makes of it.

It is form 2021 with one row and one column more in table 三, one column more in table 四 and a section of another title.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas import forms
from schemas.forms import Form

ID = "2027"
YEAR = 2027
ROW, COLUMN, RESULT = "other_merged", "foreign", "withdrawn"
TITLE = "监督检查及整改落实情况"
TEXT = f"""
id = "{ID}"
like = "2021"
version = "2027-11-01"
basis = "国办公开办函〔2027〕8号"
in_force = [{YEAR}]

[notice]
name = "国务院办公厅政府信息与政务公开办公室关于调整政府信息公开工作年度报告内容的通知"
title = '年度报告内容的通知'

[sections.5]
title = "{TITLE}"
en = "supervision and what was put right"

[[tables.requests.rows]]
code = "{ROW}"
after = "other_remaining"
label = "4.合并办理"
group = "（六）其他处理"
roles = ["outcome", "other_handling"]

[[tables.requests.columns]]
code = "{COLUMN}"
after = "legal_service_institution"
label = "境外组织"
group = "法人或其他组织"
roles = ["part", "organization"]

[[tables.disputes.columns]]
code = "{RESULT}"
after = "corrected"
label = "撤回申请"
roles = ["part"]

[[variants]]
id = "single_other"
table = "requests"
absent = ["other_overdue_correction", "other_unpaid_fee", "other_remaining", "{ROW}"]
present = ["other_handling"]
"""
# A form after it that differs from that of 2021 only in the title of a section, and one without even that.
LATER_ID, LATER_TITLE = "2028", "需要说明的其他情况"
ALIKE = f"""
id = "{LATER_ID}"
like = "2021"
version = "2028-10-01"
basis = "国办公开办函〔2028〕15号"
in_force = [2028]
[tables.requests]
drawing = {{ width = 9700 }}
"""
LATER = f'{ALIKE}[sections.6]\ntitle = "{LATER_TITLE}"\n'
_ROOMS = ("schemas", "parsers", "checks", "flows", "gouji", "data")


def write(folder: Path, text: str = TEXT, name: str = ID) -> Path:
    """The form's file in a folder."""
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def forget() -> None:
    """Empty every cache of the product: what was derived from the forms is made anew."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in _ROOMS:
            for known in list(vars(module).values()):
                if hasattr(known, "cache_clear"):
                    known.cache_clear()


@contextmanager
def known(text: str | None = TEXT, name: str = ID) -> Iterator[Form | None]:
    """The form is known within; ``None`` for a while without any form but the built-in ones."""
    before = os.environ.pop(forms.FOLDER, None)
    with tempfile.TemporaryDirectory() as folder:
        if text is not None:
            write(Path(folder), text, name)
            os.environ[forms.FOLDER] = folder
        forget()
        try:
            yield forms.load(name) if text is not None else None
        finally:
            os.environ.pop(forms.FOLDER, None)
            if before is not None:
                os.environ[forms.FOLDER] = before
            forget()
