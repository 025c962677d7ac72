"""Serve the test site until stdin ends or an interrupt: ``python -m tests.flows.collecting.site sources.toml [log.jsonl]``."""

from __future__ import annotations

import sys
from pathlib import Path

from . import build

with build(delay=float(sys.argv[3]) if len(sys.argv) > 3 else 0.0) as built:
    Path(sys.argv[1]).write_text(built.sources, encoding="utf-8")
    print(f"{len(built.world)} reports on {len(built.site.hosts)} hosts", flush=True)
    try:
        while command := sys.stdin.readline().split():
            # revise KEY, withdraw KEY, restore KEY
            report = built.world.reports[command[1]]
            if command[0] == "revise":
                print(report.revise(), flush=True)
            else:
                report.up = command[0] == "restore"
    except KeyboardInterrupt:
        pass
    if len(sys.argv) > 2:
        built.site.save_log(Path(sys.argv[2]))
