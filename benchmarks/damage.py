"""Documents damaged at random, each by one of many ways, repeatable from a seed.

Belongs here: what is done to the bytes. Does not belong here: what readers then make of them (`soak`).

A mutation is *preserving* when a program that shows the document shows the same as before: then the same must be read.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Bytes = Callable[[random.Random, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A damaged document, and what was done to it."""

    data: bytes
    how: str
    preserving: bool


# -- any bytes -----------------------------------------------------------------------------------------------------


def _span(rng: random.Random, data: bytes, most: int = 4000) -> tuple[int, int]:
    if not data:
        return 0, 0
    start = rng.randrange(len(data))
    return start, min(len(data), start + 1 + int(most ** rng.random()))


def flip(rng: random.Random, data: bytes) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 16, 100))):
        if out:
            out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def overwrite(rng: random.Random, data: bytes) -> bytes:
    start, end = _span(rng, data, 200)
    filling = rng.choice((b"\0", b"\xff", b"9", b"<", b"\r", rng.randbytes(1)))
    return data[:start] + filling * (end - start) + data[end:]


def delete(rng: random.Random, data: bytes) -> bytes:
    start, end = _span(rng, data)
    return data[:start] + data[end:]


def duplicate(rng: random.Random, data: bytes) -> bytes:
    start, end = _span(rng, data)
    return data[:end] + data[start:end] * rng.choice((1, 1, 2, 30)) + data[end:]


def truncate(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def insert(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.randbytes(rng.choice((1, 2, 8, 100))) + data[at:]


def exchange(rng: random.Random, data: bytes) -> bytes:
    """Two stretches in each other's place."""
    a, b = sorted((_span(rng, data, 500), _span(rng, data, 500)))
    if a[1] > b[0]:
        return flip(rng, data)
    return data[: a[0]] + data[b[0] : b[1]] + data[a[1] : b[0]] + data[a[0] : a[1]] + data[b[1] :]


ANY: tuple[Bytes, ...] = (flip, flip, overwrite, delete, duplicate, truncate, insert, exchange)


def _each(
    rng: random.Random, pattern: bytes, data: bytes, change: Callable[[re.Match[bytes]], bytes], share: float
) -> bytes:
    """Every occurrence changed with a probability."""
    return re.sub(pattern, lambda m: change(m) if rng.random() < share else m[0], data)


def _one(rng: random.Random, pattern: bytes, data: bytes, change: Callable[[re.Match[bytes]], bytes]) -> bytes:
    """A few occurrences changed."""
    found = list(re.finditer(pattern, data))
    if not found:
        return flip(rng, data)
    for match in sorted(
        rng.sample(found, min(len(found), rng.choice((1, 1, 1, 2, 5)))), key=re.Match.start, reverse=True
    ):
        data = data[: match.start()] + change(match) + data[match.end() :]
    return data


# -- markup: HTML and the XML of Word ------------------------------------------------------------------------------

_TAG = rb"<[^<>]{1,300}>"
_DIGITS = rb"(?<=>)\d+(?=<)"


def drop_tag(rng: random.Random, data: bytes) -> bytes:
    return _one(rng, _TAG, data, lambda m: b"")


def repeat_tag(rng: random.Random, data: bytes) -> bytes:
    return _one(rng, _TAG, data, lambda m: m[0] * rng.choice((2, 2, 3, 50)))


def other_tag(rng: random.Random, data: bytes) -> bytes:
    tags = re.findall(_TAG, data[:200_000]) or [b"<x>"]
    return _one(rng, _TAG, data, lambda m: rng.choice(tags))


def break_tag(rng: random.Random, data: bytes) -> bytes:
    return _one(rng, _TAG, data, lambda m: m[0][: rng.randrange(len(m[0]))])


def other_number(rng: random.Random, data: bytes) -> bytes:
    """A number in an attribute: spans, widths, indices."""
    values = (b"0", b"-1", b"1", b"2", b"7", b"65535", b"10000000", b"99999999999999999999", b"x", b"")
    return _one(rng, rb'(?<==")-?\d+(?=")', data, lambda m: rng.choice(values))


def other_figure(rng: random.Random, data: bytes) -> bytes:
    """Text between tags that is a number becomes something else."""
    values = (b"8", b"88", b"-3", b"1e5", b"&#x0;", b"&#1632;", b"&nbsp;", b"", b"3119/3001", b"0x10", b"1.5")
    return _one(rng, _DIGITS, data, lambda m: rng.choice(values))


def drop_element(rng: random.Random, data: bytes) -> bytes:
    """A cell, row or paragraph with all that is in it."""
    name = rng.choice((b"td", b"tr", b"p", b"span", b"w:tc", b"w:tr", b"w:p", b"w:r", b"w:tcPr"))
    return _one(rng, rb"<%s[ >].{0,3000}?</%s>" % (name, name), data, lambda m: rng.choice((b"", m[0] * 2)))


def odd_markup(rng: random.Random, data: bytes) -> bytes:
    pieces = (
        b"<!--", b"-->", b"<![CDATA[", b"]]>", b"</table>", b"<table>", b"</body>", b"<script>", b"<textarea>", b"<select>",
        b"<plaintext>", b"<svg><td>", b"<template>", b"&#0;", b"<tr hidden>", b"<td style='display:none'>9</td>",
        b"<w:tc/>", b"<w:vMerge/>", b"<w:gridSpan w:val='3'/>", b"<w:del><w:r><w:t>9</w:t></w:r></w:del>", b"<w:sdt>",
    )  # fmt: skip
    return _one(rng, rb"(?=<)", data, lambda m: rng.choice(pieces))


MARKUP: tuple[Bytes, ...] = (
    drop_tag, repeat_tag, other_tag, break_tag, other_number, other_figure, drop_element, odd_markup,
)  # fmt: skip


# -- what changes nothing that is shown -----------------------------------------------------------------------------


def as_references(rng: random.Random, data: bytes) -> bytes:
    """Digits as character references."""
    return _each(rng, _DIGITS, data, lambda m: b"".join(b"&#%d;" % c for c in m[0]), 0.3)


def _outside_scripts(
    rng: random.Random, pattern: bytes, data: bytes, change: Callable[[re.Match[bytes]], bytes]
) -> bytes:
    """A change to parts of the page's table rows, where neither script nor style can stand."""
    return _each(rng, rb"<tr[ >].*?</tr>", data, lambda row: _each(rng, pattern, row[0], change, 0.4), 0.5)


def html_comments(rng: random.Random, data: bytes) -> bytes:
    return _outside_scripts(rng, rb"(?<=>)(?=<t[dh][ >])", data, lambda m: b"<!-- <td>9</td> -->")


def html_spaces(rng: random.Random, data: bytes) -> bytes:
    return _outside_scripts(rng, rb"(?<=>)(?=</?t[dhr][ >])", data, lambda m: rng.choice((b"\n", b"\r\n\t", b"   ")))


def html_case(rng: random.Random, data: bytes) -> bytes:
    return _outside_scripts(rng, rb"(?<=<)/?t[dhr](?=[ >])", data, lambda m: m[0].upper())


def html_attributes(rng: random.Random, data: bytes) -> bytes:
    return _outside_scripts(rng, rb"(?<=<t[dr])(?=[ >])", data, lambda m: b' data-rowspan="9" title="3119"')


def html_no_end_tags(rng: random.Random, data: bytes) -> bytes:
    """End tags that HTML does not ask for."""
    return _outside_scripts(rng, rb"</t[dh]>(?=\s*<t[dh][ >])", data, lambda m: b"")


def word_attributes(rng: random.Random, data: bytes) -> bytes:
    return _each(rng, rb"<w:(?:p|r|tr)(?=>)", data, lambda m: m[0] + b' w:rsidR="00A77B3E"', 0.4)


def word_marks(rng: random.Random, data: bytes) -> bytes:
    """Marks of the spelling checker and bookmarks between runs."""
    marks = (b'<w:proofErr w:type="spellStart"/>', b'<w:bookmarkStart w:id="7" w:name="a"/><w:bookmarkEnd w:id="7"/>')
    return _each(rng, rb"(?<=</w:r>)(?=</w:p>)", data, lambda m: rng.choice(marks), 0.4)


def word_comments(rng: random.Random, data: bytes) -> bytes:
    """Comments and instructions of XML, spaces between blocks."""
    pieces = (b"<!-- <w:tc/> -->", b"<?word hint?>", b"\n  ")
    return _each(rng, rb"(?<=</w:tc>)(?=<w:tc>)", data, lambda m: rng.choice(pieces), 0.4)


def word_split_runs(rng: random.Random, data: bytes) -> bytes:
    def split(match: re.Match[bytes]) -> bytes:
        at = rng.randrange(1, len(match[3]))
        run = b"<w:r>%s<w:t>%%s</w:t></w:r>" % (match[1] or b"")
        return run % match[3][:at] + run % match[3][at:]

    pattern = rb"<w:r>(<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t( [^>]*)?>(\d{2,})</w:t></w:r>"
    return _each(rng, pattern, data, split, 0.6)


def word_wrapped(rng: random.Random, data: bytes) -> bytes:
    """Paragraphs in a content control."""
    pattern = rb"(?<=</w:tcPr>)(<w:p>(?:(?!</?w:p>).)*</w:p>)(?=</w:tc>)"
    return _each(rng, pattern, data, lambda m: b"<w:sdt><w:sdtContent>%s</w:sdtContent></w:sdt>" % m[1], 0.4)


def word_tree(rng: random.Random, data: bytes) -> bytes:
    """Elements gone, doubled, moved or given other attributes: still well-formed, as a faulty program writes it."""
    from lxml import etree

    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError:
        return flip(rng, data)
    elements = [e for e in root.iter("*") if e is not root]
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        one, other = rng.choice(elements), rng.choice(elements)
        parent = one.getparent()
        if parent is None:
            continue
        match rng.randrange(5):
            case 0:
                parent.remove(one)
            case 1:
                one.addnext(etree.fromstring(etree.tostring(one, with_tail=False)))
            case 2 if one not in other.iterancestors() and one is not other:
                other.addnext(one)
            case 3 if one.attrib:
                one.set(
                    rng.choice(list(one.attrib)), rng.choice(("0", "1", "3", "restart", "continue", "-1", "99999", "x"))
                )
            case _:
                one.tag = other.tag
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


SAME_HTML: tuple[Bytes, ...] = (
    as_references, html_comments, html_spaces, html_case, html_attributes, html_no_end_tags,
)  # fmt: skip
SAME_WORD: tuple[Bytes, ...] = (
    as_references, word_attributes, word_marks, word_comments, word_split_runs, word_wrapped,
)  # fmt: skip


# -- Word ----------------------------------------------------------------------------------------------------------


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {i.filename: archive.read(i) for i in archive.infolist() if not i.is_dir()}


def zipped(rng: random.Random, parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    how = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED))
    level = rng.choice((1, 6, 9))
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, part in parts.items():
            # A member's own date would make another document of the same number two seconds later.
            archive.writestr(zipfile.ZipInfo(name), part, how, level)
    return buffer.getvalue()


def _repacked(rng: random.Random, parts: dict[str, bytes]) -> dict[str, bytes]:
    """Members in another order, and one that nothing asks for."""
    names = list(parts)
    rng.shuffle(names)
    return {name: parts[name] for name in names} | {"customXml/item9.xml": b"<x/>"}


def _bad_members(rng: random.Random, parts: dict[str, bytes]) -> dict[str, bytes]:
    """A member gone, renamed or in another's place."""
    names = list(parts)
    one, other = rng.choice(names), rng.choice(names)
    changed = dict(parts)
    match rng.randrange(3):
        case 0:
            del changed[one]
        case 1:
            changed[one + "x"] = changed.pop(one)
        case _:
            changed[one], changed[other] = changed[other], changed[one]
    return changed


def docx(rng: random.Random, data: bytes, others: Sequence[bytes]) -> Mutant:
    if rng.random() < 0.12:
        way = rng.choice(ANY)
        return Mutant(way(rng, data), f"zip {way.__name__}", False)
    parts = members(data)
    main = "word/document.xml"
    if rng.random() < 0.2 and main in parts:
        if rng.random() < 0.2:
            return Mutant(zipped(rng, _repacked(rng, parts)), "repacked", True)
        way = rng.choice(SAME_WORD)
        return Mutant(zipped(rng, parts | {main: way(rng, parts[main])}), way.__name__, True)
    if rng.random() < 0.06:
        return Mutant(zipped(rng, _bad_members(rng, parts)), "members", False)
    if rng.random() < 0.05:
        other = members(rng.choice(others))
        name = rng.choice(sorted(parts.keys() & other.keys()))
        return Mutant(zipped(rng, parts | {name: other[name]}), f"other's {name}", False)
    name = main if main in parts and rng.random() < 0.8 else rng.choice(sorted(parts))
    way = word_tree if rng.random() < 0.5 else rng.choice(MARKUP if rng.random() < 0.7 else ANY)
    return Mutant(zipped(rng, parts | {name: way(rng, parts[name])}), f"{name} {way.__name__}", False)


def html(rng: random.Random, data: bytes, others: Sequence[bytes]) -> Mutant:
    chance = rng.random()
    if chance < 0.2:
        way = rng.choice(SAME_HTML)
        return Mutant(way(rng, data), way.__name__, True)
    if chance < 0.25:
        other = rng.choice(others)
        at, start = rng.randrange(len(data)), rng.randrange(len(other))
        return Mutant(data[:at] + other[start:], "splice", False)
    way = rng.choice(MARKUP if chance < 0.8 else ANY)
    return Mutant(way(rng, data), way.__name__, False)


# -- plain text ----------------------------------------------------------------------------------------------------


def _lines(rng: random.Random, data: bytes) -> bytes:
    """A few lines gone, doubled or exchanged."""
    lines = data.split(b"\n")
    for _ in range(rng.choice((1, 1, 3))):
        i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
        match rng.randrange(3):
            case 0:
                lines[i] = b""
            case 1:
                lines.insert(i, lines[j])
            case _:
                lines[i], lines[j] = lines[j], lines[i]
    return b"\n".join(lines)


def _utf8(data: bytes) -> bool:
    try:
        return bool(data.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def text(rng: random.Random, data: bytes, others: Sequence[bytes]) -> Mutant:
    chance = rng.random()
    if chance < 0.2 and _utf8(data):
        plain = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
        same = (
            ("crlf", plain.replace(b"\n", b"\r\n")),
            ("bom", b"\xef\xbb\xbf" + plain),
            ("utf16", plain.decode().encode("utf-16")),
            ("gb18030", plain.decode().encode("gb18030")),
            ("end", plain + b"\n\n  \n"),
        )
        how, changed = rng.choice(same)
        return Mutant(changed, how, True)
    way = _lines if chance < 0.5 else rng.choice(ANY)
    return Mutant(way(rng, data), way.__name__.strip("_"), False)


# -- PDF -----------------------------------------------------------------------------------------------------------

_STREAM = re.compile(rb"(<<(?:(?!endobj|stream\r?\n).)*?>>)\s*stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
_NUMBER = rb"(?<![\w.+-])-?\d+(?:\.\d+)?(?![\w.])"


def pdf_number(rng: random.Random, data: bytes) -> bytes:
    def change(match: re.Match[bytes]) -> bytes:
        value = float(match[0])
        near = (value + 1, value - 1, value * 2, -value, value + rng.uniform(-30, 30))
        far = (0, 1e9, -1e9, 2**31, 2**63, 1e38)
        chosen = rng.choice(near if rng.random() < 0.7 else far)
        return b"%d" % chosen if chosen == int(chosen) else b"%.2f" % chosen

    return _one(rng, _NUMBER, data, change)


def pdf_operator(rng: random.Random, data: bytes) -> bytes:
    operators = (
        b"q",
        b"Q",
        b"BT",
        b"ET",
        b"Tj",
        b"Td",
        b"Tm",
        b"cm",
        b"S",
        b"f",
        b"n",
        b"W",
        b"re",
        b"Do",
        b"T*",
        b"'",
    )
    return _one(
        rng,
        rb"(?<=[\s)>\]])(?:q|Q|BT|ET|Tj|TJ|Td|Tm|cm|S|f|n|W|re|Do)(?=\s)",
        data,
        lambda m: rng.choice((b"", *operators)),
    )


def pdf_name(rng: random.Random, data: bytes) -> bytes:
    names = re.findall(rb"/[A-Za-z][\w-]*", data[:200_000]) or [b"/X"]
    return _one(rng, rb"/[A-Za-z][\w-]*", data, lambda m: rng.choice(names))


def pdf_reference(rng: random.Random, data: bytes) -> bytes:
    return _one(rng, rb"(?<!\d)\d+(?= 0 R)", data, lambda m: b"%d" % rng.randrange(1, 60))


def pdf_object(rng: random.Random, data: bytes) -> bytes:
    """An object gone, or in the place of another."""
    objects = re.findall(rb"obj\b(?:(?!endobj).)*endobj", data, re.DOTALL) or [b"obj null endobj"]
    return _one(
        rng, rb"(?s:obj\b(?:(?!endobj).)*endobj)", data, lambda m: rng.choice((b"obj null endobj", rng.choice(objects)))
    )


def _page_content(rng: random.Random, data: bytes) -> bytes:
    """A stream unpacked, changed and packed again, its length set right."""
    streams = list(_STREAM.finditer(data))
    if not streams:
        return flip(rng, data)
    match = rng.choice(streams)
    inner, packed = match[2], b"FlateDecode" in match[1]
    if packed:
        try:
            inner = zlib.decompressobj().decompress(inner, 20_000_000)
        except zlib.error:
            return flip(rng, data)
    way = rng.choice((pdf_number, pdf_number, pdf_operator, pdf_operator, *ANY))
    inner = way(rng, inner)
    if packed:
        inner = zlib.compress(inner)
    head = re.sub(rb"/Length\s+\d+(?:\s+0\s+R)?", b"/Length %d" % len(inner), match[1])
    return data[: match.start()] + head + b"stream\n" + inner + b"\nendstream" + data[match.end() :]


def pdf(rng: random.Random, data: bytes, others: Sequence[bytes]) -> Mutant:
    chance = rng.random()
    if chance < 0.08:
        same = (
            ("comment behind", data + b"\n% copy\n"),
            ("rubbish before", b"rubbish\n" * 3 + data),
            ("comment inside", data.replace(b"endobj", b"endobj % x", 1)),
        )
        how, changed = rng.choice(same)
        return Mutant(changed, how, True)
    if chance < 0.12:
        other = rng.choice(others)
        at, start = rng.randrange(len(data)), rng.randrange(len(other))
        return Mutant(data[:at] + other[start:], "splice", False)
    if chance < 0.6:
        return Mutant(_page_content(rng, data), "content", False)
    way = rng.choice((pdf_number, pdf_name, pdf_reference, pdf_object, *ANY))
    return Mutant(way(rng, data), way.__name__, False)


FORMATS: dict[str, Callable[[random.Random, bytes, Sequence[bytes]], Mutant]] = {
    "docx": docx,
    "html": html,
    "pdf": pdf,
    "txt": text,
}
