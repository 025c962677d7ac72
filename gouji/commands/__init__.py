"""What a person types: one module for each command.

Belongs here: a command's arguments, exit status, and what it prints. Does not belong here: the work (`batch`, `drafting`,
`summing`, `word`, `flows`), finding out which command was meant (`gouji.command_line`).

The module of a command is called like the command and has

- ``HELP``: what it gives, in one line in Chinese and English; ``EXAMPLE``: real command lines;
- ``add_arguments(parser)``: its arguments (``--lang`` is everybody's);
- ``run(args, lang)``: does it, returns the exit status.

Only the module of the command that runs is imported, and it imports what it needs when it runs.
"""

from __future__ import annotations

# In the order of the first help screen: what a clerk does, then what keeps a dataset. The latter needs the extra `pipeline`.
CLERKS = ("check", "round", "prefill", "rollup", "extract")
# One a line: two changes then do not meet.
PIPELINE = (
    "sources",
    "ingest",
    "late",
    "collect",
    "serve",
    "query",
    "trace",
    "publish",
    "rebuild",
    "reparse",
    "status",
    "doctor",
    "debug",
)  # fmt: skip
