"""Where everything is kept, and the settings of a run.

Belongs here: the layout of the home folder, how it is found, the settings and where they come from.
Does not belong here: reading or writing any of it.
"""

from __future__ import annotations

import os
import sys
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_type_hints

from parsers.files.faults import why

from . import store
from .errors import PipelineError

DATABASE = "gouji.duckdb"


@dataclass(frozen=True, slots=True)
class Home:
    """The home folder. Nothing is created until `create`."""

    root: Path

    @property
    def snapshots(self) -> Path:
        """Every file received, by its content: ``ab/cd/<sha256>``."""
        return self.root / "snapshots"

    @property
    def record(self) -> Path:
        """Parse results: ``<table>/year=YYYY|unknown/<load>.parquet``, and ``loads/<load>.json`` for what is valid."""
        return self.root / "record"

    @property
    def staging(self) -> Path:
        """What a run is working on; whatever is left of a killed run is thrown away by the next one."""
        return self.root / "staging"

    @property
    def index(self) -> Path:
        """A cache: which files are known. It can be made again from the record."""
        return self.root / "index.sqlite"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def prefect(self) -> Path:
        return self.root / "prefect"

    @property
    def collecting(self) -> Path:
        """The collector's cache: answers, bodies of lists, whose turn it is at which host."""
        return self.root / "collecting"

    @property
    def collected(self) -> Path:
        """The collector's record: publications, receipts, runs (SQLite)."""
        return self.root / "collected.sqlite"

    @property
    def sources(self) -> Path:
        return self.root / "sources.toml"

    @property
    def settings(self) -> Path:
        return self.root / "settings.toml"

    def create(self) -> None:
        try:
            store.create(self.snapshots)
            for folder in (self.record, self.staging, self.prefect):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as e:
            raise PipelineError(
                f"无法写入数据目录 {self.root}（{why(e)}）。请用 --home 指定另一个目录。",
                f"cannot write to the home folder {self.root} ({why(e, 'en')}); name another with --home",
            ) from e

    def database(self, name: str | os.PathLike[str] | None = None) -> Path:
        """The published file: a bare name lies in the home, a path with a folder is taken as it is."""
        if name is None:
            return self.root / DATABASE
        path = Path(name)
        return self.root / path if path.parent == Path() and not path.is_absolute() else path.absolute()


def find(given: str | os.PathLike[str] | None = None) -> Home:
    """The home: as given, else ``$GOUJI_HOME``, else ``data/home`` of the checkout, else the user's data folder."""
    if given:
        return Home(Path(given).absolute())
    if named := os.environ.get("GOUJI_HOME"):
        return Home(Path(named).absolute())
    checkout = Path(__file__).resolve().parents[1]
    if (checkout / "pyproject.toml").is_file() and (checkout / "schemas").is_dir():
        return Home(checkout / "data" / "home")
    return Home(_user_data() / "gouji")


def _user_data() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


# Settings of earlier versions that a home may still name; they mean nothing now.
_OBSOLETE = ("snapshot",)
_CHOICES = {"runner": ("pool", "dask")}
_MAY_BE_NONE = ("workers", "interval", "retries", "retry_wait")


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run works. Each is ``GOUJI_<NAME>`` in the environment or a key of ``settings.toml`` in the home."""

    # Parsing processes; 0 means one per processor.
    workers: int = 0
    # A file that takes longer than this many seconds is set aside.
    time_limit: int = 60
    # MiB that reading one file may add to its process (POSIX).
    memory_limit: int = 1024
    # A larger file is set aside unread.
    max_megabytes: int = 200
    # A worker whose resident memory is above this many MiB after a batch is replaced, so that leaks of libraries end.
    recycle_above: int = 400
    # Seconds of work aimed at in a batch: long enough that Prefect's cost per task does not show.
    batch_seconds: int = 6
    # Seconds of work after which what was read is committed; a killed run keeps that.
    slice_seconds: int = 300
    # MiB that DuckDB may use while loading.
    load_memory: int = 320
    # A warehouse that several homes write, beside the home's own database: ``ducklake:postgres:…``, and the shared folder of its rows.
    warehouse: str = ""
    warehouse_data: str = ""
    # Where reading is done: ``pool`` (processes here) or ``dask``, at the scheduler of `address` or in processes of this machine.
    runner: str = "pool"
    address: str = ""
    # Collecting: hosts that are asked at the same time, one request each.
    hosts: int = 8
    # Seconds for one request, from connecting to its last byte; MiB of an answer; tries beside the first; seconds that a server
    # may ask to wait before a try is repeated in the same run.
    request_seconds: int = 120
    request_megabytes: int = 64
    retries: int = 2
    retry_wait: int = 120
    # Visits in a row at which a page answers 404 or 410 before it counts as gone.
    gone_after: int = 3
    # Publications with something new after which they are read and committed while the rest is asked for.
    slice_publications: int = 300
    # Whom the administrator of a site may write to: stands in the User-Agent.
    contact: str = ""
    # A proxy's address for collecting; empty: none, whatever the environment says; ``environment``: the one that is set there.
    proxy: str = ""
    # `gouji serve`: seconds between two collects; 0: by the calendar, as `schedule` says (cron, China's time, several with ;).
    interval: int = 0
    schedule: str = "0 2 * 1-4 *; 0 2 * 5-12 1"
    # Whom to tell of what is new, gone or in trouble: an address that takes JSON, a command that takes text.
    notify_webhook: str = ""
    notify_command: str = ""
    # Module with `read(path, data) -> Checked` and `versions() -> dict`; tests put their own here.
    reader: str = "flows.read_one"

    @property
    def processes(self) -> int:
        return self.workers or max(1, os.cpu_count() or 1)


def settings(home: Home, **given: Any) -> Settings:
    """The settings: as given, else from the environment, else from the home's ``settings.toml``, else as built in."""
    values: dict[str, Any] = {}
    if home.settings.is_file():
        try:
            read = tomllib.loads(home.settings.read_text(encoding="utf-8"))
            values.update((k, v) for k, v in read.items() if k not in _OBSOLETE)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
            raise PipelineError(
                f"设置文件 {home.settings} 写法有误：{e}", f"the settings file {home.settings} cannot be read: {e}"
            ) from e
    types = get_type_hints(Settings)
    for field in fields(Settings):
        if (text := os.environ.get(f"GOUJI_{field.name.upper()}")) is not None:
            values[field.name] = text
    values.update({k: v for k, v in given.items() if v is not None})
    for name, value in values.items():
        if name not in types:
            raise PipelineError(f"没有名为 {name} 的设置。", f"there is no setting named {name}")
        try:
            values[name] = types[name](value)
        except ValueError as e:
            raise PipelineError(
                f"设置 {name} 应为整数，现为 {value!r}。", f"the setting {name} must be a whole number, not {value!r}"
            ) from e
        if name in _CHOICES and values[name] not in _CHOICES[name]:
            listed = "、".join(_CHOICES[name])
            raise PipelineError(
                f"设置 {name} 只能是 {listed}，现为 {values[name]!r}。",
                f"the setting {name} must be one of {', '.join(_CHOICES[name])}, not {values[name]!r}",
            )
        if types[name] is int and values[name] < (0 if name in _MAY_BE_NONE else 1):
            raise PipelineError(f"设置 {name} 太小：{value}。", f"the setting {name} is too small: {value}")
    return Settings(**values)
