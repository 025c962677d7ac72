"""One Prefect server for the whole session: starting it costs more than all flows of the tests."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from flows.server import Server, environment

from .helpers import keep_prefects_database


@pytest.fixture(scope="session")
def prefect_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running Prefect API; runs that find it in the environment start none of their own."""
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
