"""广东集约化平台: a page whose script holds the site's number, and a JSON list of a column's articles.

Belongs here: that page and that list. Does not belong here: other lists in JSON (`json`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flows.collecting.links import names_reports
from flows.collecting.looking import CHINA, Look, Row
from flows.collecting.pages import address_of, squeezed

ZH = "广东政府信息公开平台（gkmlpt）"
EN = "Guangdong's disclosure platform (gkmlpt)"

_SID = re.compile(r"\bSID\s*[:=]\s*[\"']?(\d+)", re.IGNORECASE)
_API = re.compile(r"/gkmlpt/api/all/\d+")
_COLUMN = re.compile(r"#/?(\d+)")
_IN_SCRIPT = re.compile(
    r"[\"']?\bid[\"']?\s*:\s*[\"']?(\d+)[\"']?\s*,\s*[\"']?(?:name|title)[\"']?\s*:\s*[\"']([^\"']{2,40})[\"']"
)
_TIMES = ("display_publish_time", "created_at", "create_time", "publish_time", "date")


def fits(look: Look) -> int:
    if _API.search(look.address):
        return 60 if isinstance(look.json, dict) and "articles" in look.json else 0
    return 60 if "/gkmlpt/" in look.address and _SID.search(look.text) else 0


def rows(look: Look) -> list[Row]:
    if not isinstance(look.json, dict):
        return []
    articles = look.json.get("articles")
    made = (_row(look, a) for a in articles if isinstance(a, dict)) if isinstance(articles, list) else ()
    return [row for row in made if row is not None]


def more(look: Look) -> Iterable[str]:
    if not isinstance(look.json, dict):
        return _first(look)
    total, here = look.json.get("total"), len(rows(look))
    if not isinstance(total, int) or not here or look.seen + here >= total:
        return []
    return [look.with_query(page=str(int(look.query.get("page") or 1) + 1))]


def trouble(look: Look) -> tuple[str, str] | None:
    if look.json is None and not _first(look):
        return "no_list", "#"
    return None


def _first(look: Look) -> list[str]:
    """The list's first page, by the column and the number in the page's script."""
    sid = _SID.search(look.text)
    if sid is None:
        return []
    root = look.address[: look.address.index("/gkmlpt/")]
    return [f"{root}/gkmlpt/api/all/{column}?page=1&sid={sid[1]}" for column in _columns(look)]


def _columns(look: Look) -> list[str]:
    """The column of the entry's fragment; without one those that the page's menu or script calls reports."""
    if (named := _COLUMN.search(look.entry.partition("/gkmlpt/")[2])) is not None:
        return [named[1]]
    found = [(m[1], m[2]) for m in _IN_SCRIPT.finditer(look.text)]
    found += [
        (m[1], squeezed("".join(a.itertext())))
        for a in look.page.root.iter("a")
        if (m := _COLUMN.search(a.get("href") or "")) is not None
    ]
    return list(dict.fromkeys(column for column, name in found if names_reports(name)))


def _row(look: Look, article: dict[str, Any]) -> Row | None:
    link = article.get("url") or article.get("post_url")
    address = address_of(look.address, link) if isinstance(link, str) else None
    if address is None:
        return None
    body = article.get("publisher")
    time = next((article[k] for k in _TIMES if isinstance(article.get(k), int) and article[k] > 0), None)
    day = datetime.fromtimestamp(time, CHINA).date() if time is not None and time < 10_000_000_000 else None
    return Row(
        address, squeezed(str(article.get("title") or "")), day, squeezed(body) if isinstance(body, str) else None
    )
