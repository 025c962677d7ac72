"""pdfminer reads without the library of its ciphers, and asks for it where a file is encrypted with AES.

In a child, which has not imported pdfminer before; what this file imports is therefore little.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from parsers.isolation.supervisor import Isolated
from parsers.readers import pdf


def _page() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(400, 300))
    canvas.drawString(100, 200, "749")
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _seen(data: bytes) -> tuple[str, bool]:
    """What the second engine reads, and whether the ciphers' library was imported for that."""
    (cell,) = pdf.read_again(data, "a.pdf", [(1, (80.0, 80.0, 300.0, 120.0))])
    return cell.text, "cryptography" in sys.modules


def _ciphered(_: bytes) -> int:
    """What pdfminer does for a file encrypted with AES: the length of a decrypted block."""
    pdf.read_again(_page(), "a.pdf", [(1, (80.0, 80.0, 300.0, 120.0))])
    from pdfminer.pdfdocument import PDFStandardSecurityHandlerV4 as Handler

    handler = object.__new__(Handler)
    handler.key = bytes(16)
    return len(handler.decrypt_aes128(1, 0, bytes(32)))


def test_a_file_that_is_not_encrypted_asks_for_no_cipher() -> None:
    with Isolated(_seen) as child:
        assert child.run(_page()) == ("done", ("749", False))


def test_a_file_that_is_encrypted_gets_its_cipher() -> None:
    with Isolated(_ciphered) as child:
        outcome, length = child.run(b"")
    assert outcome == "done" and 0 < length <= 16


def test_without_the_library_all_but_the_encrypted_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cryptography.py").write_text("raise ImportError('DLL load failed while importing _rust')", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with Isolated(_seen) as child:
        assert child.run(_page()) == ("done", ("749", False))
    with Isolated(_ciphered) as child:
        assert child.run(b"") == ("import", "DLL load failed while importing _rust")
