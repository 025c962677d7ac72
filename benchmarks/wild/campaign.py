"""Making many documents, having the commands read them, and judging what they say.

Belongs here: files, child processes, batches. Does not belong here: drawing (`documents`), comparing (`judge`) and
counting (`tally`).
"""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.wild import chromium, office
from benchmarks.wild.documents import Source, kind_of, make
from benchmarks.wild.judge import Truth, Verdict, judge
from benchmarks.wild.tally import Judged

Told = Callable[[str], None]
# So many documents are made, printed and read together; also the size of one call of the commands.
BATCH = 40


def indices(count: int, kinds: Sequence[str]) -> Iterator[int]:
    """The first so many indices whose documents are of these kinds."""
    index = 0
    while count:
        if kind_of(index) in kinds:
            yield index
            count -= 1
        index += 1


def unavailable() -> dict[str, str]:
    """Kinds that cannot be made on this machine, with the reason."""
    missing = {}
    if not chromium.find():
        missing["css"] = "chromium is not installed: documents printed by a browser are left out"
    if not office.find():
        missing["wordpdf"] = "soffice is not installed: documents printed by LibreOffice are left out"
    return missing


def write(sources: Sequence[Source], folder: Path) -> list[Path]:
    """Each document as a file, printed where it is to be a PDF; in order."""
    made: list[Path] = []
    pages: list[tuple[Path, float, Path]] = []
    words: list[tuple[Path, Path]] = []
    drafts = folder / "sources"
    for source in sources:
        path = folder / f"{source.truth.name}.{source.ending}"
        if source.printer:
            drafts.mkdir(exist_ok=True)
            draft, path = drafts / path.name, path.with_suffix(".pdf")
            draft.write_bytes(source.data)
            if source.printer == "chromium":
                pages.append((draft, source.scale, path))
            else:
                words.append((draft, path))
        else:
            path.write_bytes(source.data)
        made.append(path)
    if pages:
        chromium.print_all(chromium.find() or "chromium", pages)
    if words:
        office.print_all(office.find() or "soffice", words)
    return made


def _run(command: Sequence[str], what: str, files: Sequence[Path]) -> list[dict[str, Any]]:
    call = [*command, what, *map(str, files), "--format", "json"]
    run = subprocess.run(call, capture_output=True, check=False, timeout=1800)
    try:
        answers = json.loads(run.stdout)
    except json.JSONDecodeError as error:
        raise RuntimeError(f"{what} gave no JSON (status {run.returncode}): {run.stderr.decode()[-2000:]}") from error
    if len(answers) != len(files):
        raise RuntimeError(f"{what} answered for {len(answers)} of {len(files)} files")
    return list(answers)


def _apart(sources: Sequence[tuple[Truth, Path]]) -> list[list[tuple[Truth, Path]]]:
    """Groups without two documents of one division: `check` compares the files of one call with each other."""
    groups: list[list[tuple[Truth, Path]]] = []
    for one in sources:
        free = (g for g in groups if all(t.division_code != one[0].division_code for t, _ in g))
        group = next(free, None)
        if group is None:
            groups.append(group := [])
        group.append(one)
    return groups


def read(command: Sequence[str], sources: Sequence[tuple[Truth, Path]]) -> list[Judged]:
    """What the commands say of these files, judged; in order."""
    files = [path for _, path in sources]
    extracted = dict(zip(files, _run(command, "extract", files), strict=True))
    checked: dict[Path, dict[str, Any]] = {}
    for group in _apart(sources):
        paths = [path for _, path in group]
        checked |= zip(paths, _run(command, "check", paths), strict=True)
    return [(truth, judge(truth, extracted[path], checked[path])) for truth, path in sources]


def truth_json(truth: Truth) -> str:
    data = dataclasses.asdict(truth)
    data["issuers"] = sorted(truth.issuers)
    return json.dumps(data, ensure_ascii=False, indent=1)


def failure_json(seed: int, truth: Truth, verdict: Verdict) -> str:
    said = {
        k: v for k, v in dataclasses.asdict(verdict).items() if isinstance(v, (list, str)) and v and k != "warnings"
    }
    if verdict.no_report:
        said["no_report"] = "no report was found"
    about = {"seed": seed, "index": int(truth.name[1:]), "kind": truth.kind, "fails": verdict.fails}
    return json.dumps({**about, **said, "traits": truth.traits}, ensure_ascii=False)


def _is_printed(source: Source, path: Path, told: Told) -> bool:
    """Whether a document is what its truth says: LibreOffice does not print all of some, which are then no documents."""
    whole = source.printer != "soffice" or office.is_whole(
        path.parent / "sources" / f"{path.stem}.{source.ending}", path
    )
    if not whole:
        told(f"{path.name} was not printed whole and is left out")
    return whole


def run(
    seed: int, wanted: Sequence[int], folder: Path, command: Sequence[str], *, keep: bool, told: Told
) -> list[Judged]:
    """All documents, batch by batch; what is kept lies in the folder with its truth and the list of failures."""
    judged: list[Judged] = []
    for start in range(0, len(wanted), BATCH):
        sources = [make(seed, i) for i in wanted[start : start + BATCH]]
        paths = write(sources, folder)
        pairs = [(s.truth, p) for s, p in zip(sources, paths, strict=True) if _is_printed(s, p, told)]
        batch = read(command, pairs)
        judged += batch
        if keep:
            for source in sources:
                (folder / f"{source.truth.name}.truth.json").write_text(truth_json(source.truth), encoding="utf-8")
            with (folder / "failures.jsonl").open("a", encoding="utf-8") as out:
                out.writelines(failure_json(seed, t, v) + "\n" for t, v in batch if v.fails)
        else:
            for path in paths:
                path.unlink()
        bad = sum(bool({"silent", "false error", "issuer", "year", "lost"} & set(v.fails)) for _, v in judged)
        told(f"{len(judged)} of {len(wanted)} documents, {bad} with a failure")
    return judged


def default_command() -> list[str]:
    """The `gouji` beside the running Python."""
    return [str(Path(sys.executable).with_name("gouji"))]
