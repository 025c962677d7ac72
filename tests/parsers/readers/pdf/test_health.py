"""Whether a page's text layer can be trusted: broken character maps, characters without a place."""

from __future__ import annotations

import pypdfium2

from parsers.readers.pdf.glyphs import PageText
from parsers.readers.pdf.health import is_broken

from .pictures import PAGE, printed


def test_broken_character_maps() -> None:
    assert not is_broken("2023年，本机关共收到政府信息公开申请二十一件，均在法定期限内答复，没有结转。" * 3)
    assert is_broken("\ufffd" * 60)
    assert is_broken("⍚⌭४Ӫ≁᭯ᓌ᭯ᓌؑޜᔰᐕᒤᓖᣕ" * 5)
    # Only the figures' font has no map: what is unknown is as much as a table has figures.
    known = "本机关全年共收到政府信息公开申请，均在法定期限内答复，没有结转下年度继续办理的申请。" * 3
    assert not is_broken(known + "\ufffd" * (len(known) // 2))
    # Chinese characters, but none that any paper uses: a map that is shifted.
    assert is_broken("龘靐齉爩麤灪龗鱻籱厵" * 12)
    # Traditional characters and radicals are what they stand for.
    assert not is_broken("本機關不掌握相關政府信息，沒有現成信息需要另行製作，補正後申請內容仍不明確。" * 4)


def test_a_character_without_a_box_does_not_get_the_one_asked_for_before() -> None:
    with pypdfium2.PdfDocument(printed("一、总体情况\n本机关全年收到申请3件。")) as document:
        page = document[0]
        characters = PageText(page.raw, (0.0, 0.0, *PAGE))
        assert characters.tight(0) != (0.0, 0.0, 0.0, 0.0)
        assert characters.tight(characters.count + 10) == (0.0, 0.0, 0.0, 0.0)
        characters.close()
