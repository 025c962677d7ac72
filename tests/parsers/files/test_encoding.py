"""Which encoding the bytes of a text are in.

Belongs here: texts in the encodings of the field, and what stands in them that is no Chinese. Does not belong here: what
readers make of the text.
"""

from __future__ import annotations

import pytest

from parsers.files.encoding import decode

PROSE = "清河县民政局2024年政府信息公开工作年度报告\n本机关新收政府信息公开申请3件，均已按期答复。\n"


@pytest.mark.parametrize("code", ["gb18030", "gbk", "big5", "utf-8", "utf-16"])
def test_a_text_full_of_drawn_lines_is_in_the_encoding_of_its_words(code: str) -> None:
    prose = PROSE if code != "big5" else "臺北市政府2024年政府資訊公開年度報告\n本機關受理申請3件。\n"
    text = prose + ("├" + "─" * 60 + "┼" + "─" * 60 + "┤\n│ 3 │ 0 │\n") * 40
    assert decode(text.encode(code)) == text
