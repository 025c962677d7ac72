"""Lists in JSON of single-page sites: the source says by paths where in the answer what stands.

Belongs here: following those paths. Does not belong here: platforms whose JSON is known (`gkmlpt`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from flows.collecting.links import rows_of
from flows.collecting.looking import CHINA, Look, Row
from flows.collecting.pages import address_of, fragment, squeezed
from flows.collecting.sources import Paths
from parsers.prose.identity.dates import date_in

ZH = "JSON 列表"
EN = "JSON list"


def fits(look: Look) -> int:
    return 40 if look.source.json is not None and look.json is not None else 0


def rows(look: Look) -> list[Row]:
    paths = look.source.json or Paths()
    items = at(look.json, paths.items)
    if isinstance(items, str):
        # The list as markup, within JSON.
        return rows_of(fragment(items, look.address))
    if isinstance(items, dict):
        items = list(items.values())
    made = (_row(look, item, paths) for item in items) if isinstance(items, list) else ()
    return [row for row in made if row is not None]


def more(look: Look) -> Iterable[str]:
    paths = look.source.json or Paths()
    here = len(rows(look))
    if not paths.page or not here:
        return []
    current = int(look.query.get(paths.page) or 1) if (look.query.get(paths.page) or "1").isdigit() else 1
    total, pages = at(look.json, paths.total), at(look.json, paths.pages)
    if paths.total and _whole(total) is not None:
        on = look.seen + here < int(total)
    elif paths.pages and _whole(pages) is not None:
        on = current < int(pages)
    else:
        # Nobody counts them: the last page is the first that is empty.
        on = True
    return [look.with_query(**{paths.page: str(current + 1)})] if on else []


def trouble(look: Look) -> tuple[str, str] | None:
    paths = look.source.json or Paths()
    if look.json is None:
        return "no_list", "JSON"
    return ("no_list", paths.items) if not isinstance(at(look.json, paths.items), list | dict | str) else None


def at(value: Any, path: str) -> Any:
    """What stands at a path of keys and indexes; None where nothing does."""
    for step in filter(None, path.split(".")):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.lstrip("-").isdigit() and -len(value) <= int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _row(look: Look, item: Any, paths: Paths) -> Row | None:
    link, title = at(item, paths.address), at(item, paths.title)
    address = address_of(paths.base or look.address, link) if isinstance(link, str) else None
    if address is None:
        return None
    # Titles may carry the marks of a search (<em>年报</em>).
    text = (
        fragment(str(title), address).visible_text
        if isinstance(title, str) and "<" in title
        else squeezed(str(title or ""))
    )
    body = at(item, paths.body) if paths.body else None
    return Row(
        address,
        text,
        _day(at(item, paths.date)) if paths.date else None,
        squeezed(body) if isinstance(body, str) else None,
    )


def _day(value: Any) -> date | None:
    """A day, from text or from seconds or milliseconds since 1970."""
    if isinstance(value, str) and not value.isdigit():
        found = date_in(value)
        return date.fromisoformat(found) if found else None
    number = _whole(value)
    if number is None or number < 100_000_000:
        return None
    seconds = number / 1000 if number > 10_000_000_000 else float(number)
    return datetime.fromtimestamp(seconds, CHINA).date() if seconds < 10_000_000_000 else None


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdigit()) else None
