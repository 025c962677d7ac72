"""One Prefect server for all tests that need one: starting it costs more than all their flows. They are the group "prefect"."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from flows.server import Server, environment

from .helpers import keep_prefects_database


@pytest.fixture(scope="package")
def prefect_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running Prefect API; runs that find it in the environment start none of their own.

    It ends with the last of them: one that has nothing to do costs twenty seconds in a session."""
    home = tmp_path_factory.mktemp("prefect")
    before = {name: os.environ.get(name) for name in (*environment(home), "PREFECT_API_URL")}
    with Server(home) as server:
        server.ready()
        keep_prefects_database(home, tmp_path_factory)
        os.environ["PREFECT_API_URL"] = server.url
        yield server.url
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
