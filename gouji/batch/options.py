"""What a check is asked for beside its paths, by a person's command, a round or the desktop.

Belongs here: that, and its defaults. Does not belong here: arguments (`commands.check`), what is done with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from checks.rules import Profile
from gouji.words import Lang

if TYPE_CHECKING:
    from gouji.batch.read_files import Watch
    from gouji.batch.reviewed import InRound
    from gouji.word.slip import Letter


@dataclass(frozen=True)
class Options:
    """What a check is asked for beside its paths."""

    output_format: str = "text"
    output: Path | None = None
    profile: Profile = "draft"
    everything: bool = False
    codes: bool = False
    previous: Path | None = None
    roster: Path | None = None
    annotate: Path | None = None
    # A workbook, a page, the results as JSON: as many as wanted.
    report: Sequence[Path] = ()
    slips: Path | None = None
    since: Path | None = None
    waivers: Path | None = None
    letter: Letter | None = None
    # What is to be said of the round that the drafts are of.
    in_round: InRound | None = None
    # Where files went is said by somebody else.
    quiet: bool = False
    lang: Lang = "zh"
    # What has been said on stderr so far, where nobody sees it: it stands on the page.
    told: Callable[[], Sequence[str]] | None = None
    # Told after each file how many of how many are read.
    watch: Watch | None = None
