"""大汉 (Hanweb): a list in a ``datastore`` within a script, further records from ``dataproxy.jsp`` in the same XML.

Belongs here: records of a datastore, and where the next ones are. Does not belong here: any other list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flows.collecting.contract import POSTED, target
from flows.collecting.links import rows_of
from flows.collecting.looking import Look, Row
from flows.collecting.pages import address_of, fragment

ZH = "大汉列表（datastore）"
EN = "Hanweb list (datastore)"

_STORE = re.compile(r"<datastore>(.*?)</datastore>", re.DOTALL | re.IGNORECASE)
_RECORD = re.compile(r"<record>\s*(?:<!\[CDATA\[(.*?)\]\]>|(.*?))\s*</record>", re.DOTALL | re.IGNORECASE)
_NEXT = re.compile(r"<nextgroup>.*?href=[\"']([^\"']*dataproxy\.jsp\?[^\"']+)[\"']", re.DOTALL | re.IGNORECASE)
_TOTAL = re.compile(r"<totalrecord>\s*(\d+)|totalRecord\s*:\s*[\"']?(\d+)", re.IGNORECASE)
_PER = re.compile(r"perPage\s*:\s*[\"']?(\d+)", re.IGNORECASE)
_PROXY = re.compile(r"proxyUrl\s*:\s*[\"']([^\"']+)", re.IGNORECASE)
_PARAMETERS = re.compile(r"urlParams\s*:\s*\{([^{}]*)\}", re.IGNORECASE)
_PARAMETER = re.compile(r"[\"']?(\w+)[\"']?\s*:\s*(?:\"([^\"]*)\"|'([^']*)'|([^,'\"\s}]+))")
_UNIT = re.compile(
    r"[#\"'](\d{2,9})[\"']\s*\)\s*\.jpage|unitid\s*:\s*[\"']?(?=\d)(\d+)|[?&]uid=(\d+)&(?:amp;)?pageNum=", re.IGNORECASE
)
# As the site's own script asks: these in the address, the others in the form.
_IN_THE_ADDRESS = ("startrecord", "endrecord", "perpage")
_ENCRYPTED = re.compile(r"encrypted?\s*:|encryptParams?|jpage_encrypt", re.IGNORECASE)


def fits(look: Look) -> int:
    return 50 if _STORE.search(look.text) else 0


def rows(look: Look) -> list[Row]:
    return [row for markup in _records(look.text) for row in rows_of(fragment(markup, look.page.base))]


def more(look: Look) -> Iterable[str]:
    """The next records: by the group's own link, else by the parameters that the page's script is called with."""
    total, here = _total(look.text), sum(1 for _ in _records(look.text))
    so_far = look.seen + len(rows(look))
    if not here or total is None or so_far >= total:
        return []
    asked = look.query
    if "startrecord" in asked:
        size = int(asked.get("perpage") or here)
        return [look.with_query(startrecord=str(so_far + 1), endrecord=str(min(so_far + size, total)))]
    if "page" in asked and "dataproxy" in look.address:
        return [look.with_query(page=str(int(asked["page"]) + 1))]
    if (m := _NEXT.search(look.text)) and (address := address_of(look.page.base, unescape(m[1]))):
        return [address]
    proxy, parameters = _PROXY.search(look.text), _parameters(look.text)
    if proxy is None or "columnid" not in parameters or "unitid" not in parameters:
        return _by_unit(look)
    size = int(m[1]) if (m := _PER.search(look.text)) else here
    query = {"startrecord": so_far + 1, "endrecord": min(so_far + size, total), "perpage": size, **parameters}
    address = address_of(look.page.base, f"{proxy[1]}?{urlencode(query)}")
    return [address] if address else []


def instead(address: str) -> str | None:
    """What to ask where asking for further records brought none: many servers want their parameters posted."""
    url, form = target(address)
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    if form is not None or "dataproxy" not in parts.path or "startrecord" not in given:
        return None
    stay = {k: v for k, v in given.items() if k in _IN_THE_ADDRESS}
    rest = {k: v for k, v in given.items() if k not in _IN_THE_ADDRESS}
    return f"{urlunsplit(parts._replace(query=urlencode(stay)))}{POSTED}{urlencode(rest)}"


def _by_unit(look: Look) -> list[str]:
    """The column's own page again, with the number of the unit and of the page."""
    asked = look.query
    if "uid" in asked and asked.get("pageNum", "").isdigit():
        return [look.with_query(pageNum=str(int(asked["pageNum"]) + 1))]
    unit = None if _ENCRYPTED.search(look.text) else _UNIT.search(look.text)
    return [f"{look.address.partition('?')[0]}?uid={unit[unit.lastindex or 1]}&pageNum=2"] if unit else []


def trouble(look: Look) -> tuple[str, str] | None:
    total = _total(look.text)
    if look.seen and POSTED in look.fetched.asked and not rows(look):
        # Asked for in both ways, the rest of the list did not come.
        return "no_list", f"{look.seen}/{total or '?'}"
    if _ENCRYPTED.search(look.text) and total is not None and total > look.seen + len(rows(look)) and not more(look):
        return "encrypted_list", f"{look.seen + len(rows(look))}/{total}"
    return None


def _records(text: str) -> Iterator[str]:
    for store in _STORE.finditer(text):
        for m in _RECORD.finditer(store[1]):
            yield m[1] if m[1] is not None else unescape(m[2] or "")


def _total(text: str) -> int | None:
    m = _TOTAL.search(text)
    return int(m[1] or m[2]) if m else None


def _parameters(text: str) -> dict[str, str]:
    m = _PARAMETERS.search(text)
    return {p[1]: p[2] or p[3] or p[4] or "" for p in _PARAMETER.finditer(m[1])} if m else {}
