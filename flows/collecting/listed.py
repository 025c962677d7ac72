"""The operator's list of sources: `sources.toml`, and tables for hundreds of them.

Belongs here: reading both, and errors that name file, entry and key. Does not belong here: what a source is (`sources`), writing
an entry (`adding`).

    tables = ["县区.csv"]             # optional: further sources, a line each, beside this file

    [defaults]                        # optional: for every entry that does not say otherwise
    delay = 3                         # seconds between two requests to a host
    daily_cap = 1000                  # requests to a host in a day
    years = "2020-"

    [[source]]
    name = "淮安市"                    # its own among all
    address = "https://…/col/…"       # or addresses = ["…", "…"]; a folder for kind = "folder"
    bodies = ["淮安市人民政府"]         # optional: whose reports stand there
    allow = ["http"]                  # optional: see sources.ALLOWANCES

A table has a head of the same keys, lists parted by ；or ;.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flows.errors import PipelineError
from parsers.files.encoding import decode
from parsers.files.faults import why

from . import families
from .sources import ALLOWANCES, KINDS, Paths, Source, Years

_SPAN = re.compile(r"(\d{4})\s*(?:([-–—至到~])\s*(\d{4})?)?年?")
_SPLIT = re.compile(r"[;；\n]")
# Keys of an entry beside the fields of `Source`.
_OTHER = {"address", "body"}
_KEYS = ({f.name for f in fields(Source)} | _OTHER) - {"where"}
_TOP = {"source", "defaults", "tables"}
_DEFAULTS = {"delay", "daily_cap", "years", "words", "not_words", "allow", "most_pages", "hops"}


class SourcesError(PipelineError):
    """A list of sources that cannot be used: which file, entry and key, and what to do."""


class _Wrong(Exception):
    """What is wrong with a value, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def load(path: Path) -> list[Source]:
    """All sources of a list, in its order. Raises SourcesError for the first that is wrong."""
    try:
        data = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError as e:
        raise SourcesError(
            f"没有找到来源清单 {path}。可先用 gouji sources add 网址 写入第一个来源。",
            f"there is no list of sources {path}; gouji sources add ADDRESS writes a first entry",
        ) from e
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise SourcesError(f"{path} 写法有误：{e}", f"{path} cannot be read: {e}") from e
    if strange := sorted(data.keys() - _TOP):
        raise _error(path, "", strange[0], *_unknown(strange[0], _TOP))
    defaults = data.get("defaults", {})
    if not isinstance(defaults, dict) or (strange := sorted(defaults.keys() - _DEFAULTS)):
        key = strange[0] if isinstance(defaults, dict) else ""
        raise _error(path, "defaults", key, *_unknown(key, _DEFAULTS))
    entries = data.get("source", [])
    if not isinstance(entries, list):
        raise _error(path, "source", "", "应写成 [[source]]", "write [[source]]")
    out = [_source(path, f"source {n}", {**defaults, **e}) for n, e in enumerate(entries, 1) if isinstance(e, dict)]
    for name in _texts(data.get("tables", [])):
        out += _table(path.parent / name, defaults)
    _own_names(path, out)
    return out


def chosen(sources: list[Source], name: str | None) -> list[Source]:
    """The source of a name, or all. Raises SourcesError where none bears it."""
    if name is None:
        return sources
    found = [s for s in sources if s.name == name]
    if not found:
        import difflib

        near = difflib.get_close_matches(name, [s.name for s in sources], n=1)
        raise SourcesError(
            f"清单里没有名为“{name}”的来源。" + (f"是不是“{near[0]}”？" if near else ""),
            f"the list has no source named {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""),
        )
    return found


def _own_names(path: Path, sources: list[Source]) -> None:
    seen: dict[str, Source] = {}
    for source in sources:
        if source.name in seen:
            first = seen[source.name].where
            raise _error(
                path,
                source.where,
                "name",
                f"与 {first} 重名：{source.name}",
                f"{source.name!r} is the name of {first} too",
            )
        seen[source.name] = source


def _table(path: Path, defaults: Mapping[str, Any]) -> list[Source]:
    try:
        text = decode(path.read_bytes())
    except OSError as e:
        raise SourcesError(f"读不了来源表 {path}：{why(e)}", f"cannot read the table {path}: {why(e, 'en')}") from e
    rows = csv.DictReader(io.StringIO(text, newline=""))
    out = []
    for n, row in enumerate(rows, 2):
        entry: dict[str, Any] = {}
        for head, cell in row.items():
            if head is None or (cell is not None and not isinstance(cell, str)):
                raise _error(path, f"第{n}行/line {n}", "", "单元格比表头多", "more cells than the head has")
            if cell and cell.strip():
                entry[head.strip()] = _from_cell(head.strip(), cell.strip())
        if entry:
            out.append(_source(path, f"第{n}行/line {n}", {**defaults, **entry}))
    return out


def _from_cell(key: str, cell: str) -> Any:
    if key in ("bodies", "words", "not_words", "allow", "addresses"):
        return [p.strip() for p in _SPLIT.split(cell) if p.strip()]
    if key in ("delay", "daily_cap", "most_pages", "hops"):
        try:
            return float(cell) if key == "delay" else int(cell)
        except ValueError:
            return cell
    return cell


def _source(path: Path, entry: str, data: Mapping[str, Any]) -> Source:
    name = data.get("name")
    where = f"{entry}（{name}）" if isinstance(name, str) and name else entry
    if strange := sorted(data.keys() - _KEYS):
        raise _error(path, where, strange[0], *_unknown(strange[0], _KEYS))
    if not isinstance(name, str) or not name.strip():
        raise _error(path, where, "name", "每个来源都要有自己的名称", "each source needs a name of its own")
    given: dict[str, Any] = {"name": name.strip(), "where": f"{path.name} {where}"}
    key = ""
    try:
        for key, value in data.items():
            if key in _READ:
                given[key] = _READ[key](value)
        key = "address"
        given["addresses"] = _addresses(data)
        key = "bodies"
        if "body" in data:
            given["bodies"] = (*_texts(data["body"]), *given.get("bodies", ()))
        source = _inferred(Source(**given))
        key = "address"
        _fits_together(source, path)
    except _Wrong as wrong:
        raise _error(path, where, key, wrong.zh, wrong.en) from wrong
    if source.kind == "folder":
        source = replace(source, addresses=tuple(str((path.parent / a).absolute()) for a in source.addresses))
    return source


def _inferred(source: Source) -> Source:
    """The kind that the address itself tells, where the entry says nothing else."""
    if source.kind == "list" and not any("://" in a for a in source.addresses):
        return replace(source, kind="folder")
    if source.kind == "list" and any("{year}" in a or "{body}" in a for a in source.addresses):
        return replace(source, kind="query")
    if source.json is not None and source.family == "auto":
        return replace(source, family="json")
    return source


def _fits_together(source: Source, path: Path) -> None:
    if source.kind == "query":
        if any("{body}" in a for a in source.addresses) and not (source.values or source.bodies):
            raise _Wrong(
                "地址里有 {body}，还要用 values 写明各机关的参数值",
                "the address holds {body}: say each body's value in values",
            )
        if any("{year}" in a for a in source.addresses) and not source.years.spans:
            raise _Wrong("地址里有 {year}，还要用 years 写明年份", "the address holds {year}: say which in years")
    if source.family == "json" and source.json is None:
        raise _Wrong("JSON 列表要用 [source.json] 写明各项的位置", "a JSON list needs [source.json] with its paths")


def _addresses(data: Mapping[str, Any]) -> tuple[str, ...]:
    found = (*_texts(data.get("address", [])), *_texts(data.get("addresses", [])))
    if not found:
        raise _Wrong("没有写地址", "there is no address")
    for address in found:
        if "://" not in address:
            continue
        try:
            parts = urlsplit(address.replace("{", "").replace("}", ""))
            usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise _Wrong(f"不是可用的网址：{address}", f"not an address that can be fetched: {address}")
        if parts.username or parts.password:
            raise _Wrong("地址里不能写用户名和密码", "an address must not hold a user's name or password")
    return found


# --- values


def _texts(value: Any) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(v, str) and v.strip() for v in values):
        raise _Wrong(f"应为文字或文字的列表，现为 {value!r}", f"must be text or a list of texts, not {value!r}")
    return tuple(v.strip() for v in values)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Wrong(f"应为文字，现为 {value!r}", f"must be text, not {value!r}")
    return value.strip()


def _one_of(known: Callable[[], tuple[str, ...]]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in known():
            names = "、".join(known())
            raise _Wrong(
                f"应为以下之一：{names}；现为 {value!r}", f"must be one of {', '.join(known())}, not {value!r}"
            )
        return str(value)

    return read


def _number(least: float, kind: type[int] | type[float]) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | kind) or value < least:
            raise _Wrong(
                f"应为不小于 {least:g} 的数，现为 {value!r}", f"must be a number of {least:g} or more, not {value!r}"
            )
        return kind(value)

    return read


def years(value: Any) -> Years:
    """Years as an entry writes them: 2024, "2020-2024", "2020-", "2018,2020-2022", [2020, 2021]."""
    pieces = [str(v) for v in value] if isinstance(value, list) else re.split(r"[,，;；、\s]+", str(value).strip())
    spans: list[tuple[int, int | None]] = []
    for piece in filter(None, pieces):
        m = _SPAN.fullmatch(piece)
        if m is None or isinstance(value, bool | float):
            raise _Wrong(
                f"看不懂的年份：{piece}（可写 2020-2024、2020-、2024）",
                f"no years: {piece} (write 2020-2024, 2020-, 2024)",
            )
        first = int(m[1])
        last = int(m[3]) if m[3] else None if m[2] else first
        if last is not None and last < first:
            raise _Wrong(f"年份前后颠倒：{piece}", f"the last year lies before the first: {piece}")
        spans.append((first, last))
    return Years(tuple(spans))


def _allow(value: Any) -> frozenset[str]:
    found = _texts(value) if value != [] else ()
    for word in found:
        _one_of(lambda: ALLOWANCES)(word)
    return frozenset(found)


def _paths(value: Any) -> Paths:
    known = {f.name for f in fields(Paths)}
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise _Wrong('应为一组“项目 = "位置"”', 'must be a table of item = "path"')
    if strange := sorted(value.keys() - known):
        raise _Wrong(*_unknown(strange[0], known))
    return Paths(**value)


def _values(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(v, str | int) for v in value.values()):
        raise _Wrong('应为一组“机关 = "参数值"”', 'must be a table of body = "value"')
    return {k: str(v) for k, v in value.items()}


_READ: dict[str, Callable[[Any], Any]] = {
    "kind": _one_of(lambda: KINDS),
    "family": _one_of(lambda: ("auto", *families.names())),
    "bodies": _texts,
    "years": years,
    "words": _texts,
    "not_words": _texts,
    "delay": _number(0, float),
    "daily_cap": _number(1, int),
    "allow": _allow,
    "most_pages": _number(1, int),
    "hops": _number(0, int),
    "path": _text,
    "json": _paths,
    "values": _values,
}


# --- errors


def _unknown(key: str, known: set[str]) -> tuple[str, str]:
    import difflib

    near = difflib.get_close_matches(key, sorted(known), n=1)
    zh = "没有这个键" + (f"，是不是 {near[0]}？" if near else f"；可用的有：{'、'.join(sorted(known))}")
    en = "there is no such key" + (f"; did you mean {near[0]}?" if near else f"; there are {', '.join(sorted(known))}")
    return zh, en


def _error(path: Path, entry: str, key: str, zh: str, en: str) -> SourcesError:
    at_zh = f"{path}" + (f" 的 {entry}" if entry else "") + (f" 的 {key}" if key else "")
    at_en = f"{path}" + (f", {entry}" if entry else "") + (f", {key}" if key else "")
    return SourcesError(f"{at_zh}：{zh}。", f"{at_en}: {en}")
