"""Figures stated in sentences: each with its code, year, scope and sentence.

Belongs here: reading prose. What words mean and which code they give is data (`words.toml`, `claims.toml`).
Does not belong here: comparing a sentence with a table (`checks`), and telling who reports what (`identity`).

Beyond the codes of the domain's lists these occur, so that later checks have what they need:

`CODE.change`      by how much CODE differs from the year before: signed, in the unit printed (``%`` or a measure word)
`CODE.category`    a listed kind of the total CODE (25条 of a list by subject); `printed` begins with its name
`closed.rate`      办结率, and 全部办结 as 100, of `share_of`; likewise `replied.rate`
`requests_in_hand` a total of requests that turns out to hold those carried over (共收到213件，其中新收208件，上年结转5件)
`requests_letter_fax`, `replied_exempt`, `accepted`, table row codes (`denied_internal_affairs`)   as in the forms
`litigation_direct.upheld`   a result said of one kind of lawsuit
`matters_received`, `matters_closed`, `matters_replied`   matters that are no requests, where a rate is said of them

A share has the code of its part and `share_of` the code of its whole; it follows its part's count. `scope` is the
report's own unless the words say otherwise; `part` is a part of the reporting body (one department, all counties).
`year` is None for a figure of no one year (a quarter, since the beginning).
"""

from __future__ import annotations

from collections.abc import Sequence

from schemas.facts import Passage, Statement

from .walk import MOST_STATEMENTS, Reader

__all__ = ["MOST_STATEMENTS", "find"]


def find(passages: Sequence[Passage], *, year: int | None, scope: str, form: str) -> list[Statement]:
    """The figures stated in these passages of one report, in reading order. Never raises for what is printed.

    ``year``, ``scope`` and ``form`` are the report's own. Counts have the measure word as unit, amounts 万元, shares %.
    Reading stops at `MOST_STATEMENTS`.
    """
    return Reader(passages, year=year, scope=scope, form=form).read()
