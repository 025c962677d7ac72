"""Prefect's API for the time of a run.

Belongs here: the environment Prefect is started with, and a server of our own as a child process.
Does not belong here: flows (`ingest`).

Prefect would start such a server by itself. This one starts while files are still being listed, writes its log to a
file instead of the person's screen (its shutdown prints tracebacks that mean nothing), and ends when its parent does,
even if the parent is killed: it waits for the end of its standard input.

`PREFECT_API_URL` in the environment names a server of one's own, and then none is started here. Otherwise no variable
that is meant for another Prefect, and no proxy, reaches it.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from types import TracebackType

from .errors import PipelineError

_HOST = "127.0.0.1"
_API_URL = "PREFECT_API_URL"
_PROXIES = frozenset({"http_proxy", "https_proxy", "all_proxy"})
# Seconds that a server named by the environment has to answer.
_ANSWER = 10.0
# Seconds; the first start makes the database of a new home.
_STARTUP = 180.0
# Seconds that the server has to shut down by itself when its parent has ended.
_GRACE = 3.0


def environment(home: Path) -> dict[str, str]:
    """What must be set before Prefect is imported."""
    return {
        "PREFECT_HOME": os.fspath(home),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
        # An error of a task is raised again by its flow and reaches the caller once; Prefect would print it thrice.
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    }


def _is_here(url: str) -> bool:
    """Whether an address is this machine's own, which no proxy stands in front of."""
    try:
        host = urllib.parse.urlsplit(url).hostname or ""
    except ValueError:
        return False
    return host in ("localhost", "::1") or host.startswith("127.")


class Server:
    """The server as a context: started on entry, awaited by `ready`, ended on exit.

    Within, the environment is Prefect's: settings of other servers do not reach one of our own, nor do proxies where only
    this machine is spoken to. (A proxy that is set is made ready all the same, and a SOCKS one asks for a package that is
    not there.) Raises PipelineError on entry when the server that the environment names does
    not answer.
    """

    def __init__(self, home: Path, *, lasting: bool = False) -> None:
        self._home = home
        # With the services that start scheduled runs.
        self._lasting = lasting
        self._process: subprocess.Popen[bytes] | None = None
        self._url = os.environ.get(_API_URL, "").strip()
        self._before: dict[str, str | None] = {}

    def __enter__(self) -> Server:
        if self._url:
            _ask(self._url)
        wanted: dict[str, str | None] = dict(environment(self._home))
        alone = not self._url
        if alone or _is_here(self._url):
            foreign = (n for n in os.environ if n.lower() in _PROXIES or (alone and n.upper().startswith("PREFECT_")))
            wanted |= {name: None for name in foreign if name not in wanted}
        self._before = {name: os.environ.get(name) for name in wanted}
        _set(wanted)
        try:
            if not self._url:
                self._start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _start(self) -> None:
        self._home.mkdir(parents=True, exist_ok=True)
        env = {**os.environ, "PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_FINAL": "1"}
        if self._lasting:
            # One file, many writers: waiting is better than failing.
            env |= {"PREFECT_SERVER_DATABASE_TIMEOUT": "60"}
        else:
            env |= {"PREFECT__SERVER_EPHEMERAL": "1"}
        with (self._home / "server.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "flows.server", *(["lasting"] if self._lasting else [])],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=env,
                cwd=Path(__file__).resolve().parents[1],
                # Ctrl-C in the terminal is for the run, which then ends this process.
                start_new_session=sys.platform != "win32",
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        assert self._process.stdout is not None
        # It takes a free port and says which, first of all.
        port = self._process.stdout.readline().decode().strip()
        self._url = f"http://{_HOST}:{port}/api"

    @property
    def url(self) -> str:
        return self._url

    def ready(self) -> None:
        """Wait until the server answers. Raises RuntimeError when it has ended or takes too long."""
        if self._process is None:
            return
        end = time.monotonic() + _STARTUP
        while time.monotonic() < end:
            if self._process.poll() is not None:
                break
            try:
                # No proxy stands between this process and its own child.
                opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
                with opener.open(f"{self._url}/health", timeout=5):
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"Prefect's server did not start; see {self._home / 'server.log'}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _set(self._before)
        if self._process is None:
            return
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _set(values: dict[str, str | None]) -> None:
    """Set environment variables; those that are None are removed."""
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _ask(url: str) -> None:
    """Raise PipelineError unless something answers at a server's address, whatever it says."""
    try:
        proxies = urllib.request.ProxyHandler({} if _is_here(url) else None)
        opener = urllib.request.build_opener(proxies)
        with opener.open(f"{url.rstrip('/')}/health", timeout=_ANSWER):
            return
    except urllib.error.HTTPError:
        return
    except (OSError, ValueError, http.client.HTTPException) as e:
        reason = str(getattr(e, "reason", "") or e)
        raise PipelineError(
            f"环境变量 {_API_URL} 指定的 Prefect 服务 {url} 没有应答（{reason}），没有读取任何文件。"
            "请启动那个服务；不需要它就去掉这个变量，本程序会自己启动一个。",
            f"the Prefect server {url} that {_API_URL} names does not answer ({reason}), and no file was read; start it, or "
            "remove the variable: this program then starts one of its own",
        ) from e


def serve(*, lasting: bool) -> None:
    """The child process: Prefect's API on the loopback interface until standard input ends."""
    listening = socket.socket()
    listening.bind((_HOST, 0))
    os.write(1, f"{listening.getsockname()[1]}\n".encode())
    # Nobody reads on; what is printed from now on belongs into the log.
    os.dup2(2, 1)
    ended = threading.Event()
    threading.Thread(target=_follow, args=(ended,), name="follow-parent", daemon=True).start()
    import uvicorn
    from prefect.server.api.server import create_app

    server = uvicorn.Server(uvicorn.Config(create_app(ephemeral=not lasting), log_level="error", lifespan="on"))

    def stop() -> None:
        ended.wait()
        server.should_exit = True

    threading.Thread(target=stop, name="stop", daemon=True).start()
    server.run(sockets=[listening])


def _follow(ended: threading.Event) -> None:
    """Wait for the end of the parent; what is left to write then is only about a run that is over."""
    # Not through sys.stdin: its lock would be held at exit.
    while os.read(0, 1024):
        pass
    ended.set()
    time.sleep(_GRACE)
    os._exit(0)


if __name__ == "__main__":
    serve(lasting="lasting" in sys.argv)
