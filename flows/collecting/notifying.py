"""Telling somebody what a collect brought: an address that takes JSON, a command that takes text.

Belongs here: the message, and handing it over. Does not belong here: what is in it (`collect`). The address is the operator's own
and may be anywhere; nothing but the summary goes there.

A notification that fails never fails a run: it is told where the run is told.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import urllib.request
from collections.abc import Mapping
from typing import Any

from flows.errors import PipelineError
from flows.home import Home, Settings

# Seconds for either way.
_PATIENCE = 20.0
# Addresses that a message names of each kind.
_NAMED = 20
_WORDS = {
    "new": "新发布 new",
    "revised": "内容有变 revised",
    "gone": "下线 gone",
    "returned": "恢复 back",
    "set_aside": "没有读出报告 set aside",
    "trouble": "来源异常 in trouble",
}


def told(
    settings: Settings, where: Home, counts: Mapping[str, int], tables: Mapping[str, list[dict[str, str]]]
) -> list[str]:
    """Tell of a run in which something happened; returns why it could not be told."""
    if not any(counts.get(name) for name in _WORDS):
        return []
    lines = [f"勾稽采集 gouji collect: {where.root}", ""]
    lines += [f"{words}: {counts[name]}" for name, words in _WORDS.items() if counts.get(name)]
    for name, words in _WORDS.items():
        rows = tables.get(name, [])
        if rows:
            lines += ["", f"{words}:"]
            lines += ["  " + " ".join(v for v in row.values() if v) for row in rows[:_NAMED]]
            lines += ["  …"] if len(rows) > _NAMED else []
    payload = {
        "home": os.fspath(where.root),
        "counts": dict(counts),
        "tables": {k: v[:_NAMED] for k, v in tables.items()},
    }
    return _send(settings, "勾稽采集 gouji collect", "\n".join(lines) + "\n", payload)


def failed(settings: Settings, where: Home, error: PipelineError) -> list[str]:
    """Tell of a run that could not go on."""
    text = f"勾稽采集没有完成 gouji collect failed: {where.root}\n\n{error.zh}\n{error.en}\n"
    return _send(
        settings, "勾稽采集没有完成 gouji collect failed", text, {"home": os.fspath(where.root), "error": error.en}
    )


def _send(settings: Settings, subject: str, text: str, payload: dict[str, Any]) -> list[str]:
    failures = []
    if settings.notify_webhook:
        body = json.dumps({"text": text, **payload}, ensure_ascii=False).encode()
        try:
            request = urllib.request.Request(
                settings.notify_webhook, body, {"Content-Type": "application/json; charset=utf-8"}, method="POST"
            )
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(request, timeout=_PATIENCE):
                pass
        except (OSError, ValueError) as e:
            failures.append(f"{settings.notify_webhook}: {e}")
    if settings.notify_command:
        try:
            command = shlex.split(settings.notify_command)
            env = {**os.environ, "GOUJI_SUBJECT": subject}
            subprocess.run(command, input=text.encode(), check=True, timeout=_PATIENCE, capture_output=True, env=env)
        except (OSError, ValueError, subprocess.SubprocessError) as e:
            failures.append(f"{settings.notify_command}: {e}")
    return failures
