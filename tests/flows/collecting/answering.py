"""A server on loopback that answers as a test says, and writes down everything it is asked.

Belongs here: raw answers (a cut body, a slow one, a lie) for the tests of fetching. Does not belong here: pages of the families of
sites (`site`).
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came: path with query, headers by lower-case name, when it came and when it was answered (monotonic)."""

    path: str
    headers: dict[str, str]
    came: float
    left: float


Answer = Callable[["Server", Asked, socket.socket], bytes | None]


def reply(body: bytes | str = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A whole answer."""
    data = body.encode() if isinstance(body, str) else body
    lines = {"Content-Length": str(len(data)), **{k.replace("_", "-"): v for k, v in headers.items()}}
    head = "".join(f"{k}: {v}\r\n" for k, v in lines.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + data


@dataclass(slots=True)
class Server:
    """``answers`` by path: bytes, or a function that returns them or writes them itself. Anything else is 404."""

    port: int = 0
    answers: dict[str, bytes | list[bytes] | Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    most_at_once: int = 0
    connections: int = 0
    _now: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [a.path for a in self.asked]

    def times(self, path: str) -> int:
        return self.paths().count(path)

    def handle(self, connection: socket.socket) -> None:
        stream = connection.makefile("rb")
        self.connections += 1
        with suppress(OSError), connection:
            while True:
                line = stream.readline().decode("latin-1").split()
                if len(line) < 3:
                    return
                headers = {}
                while (header := stream.readline().strip()) != b"":
                    name, _, value = header.decode("latin-1").partition(":")
                    headers[name.lower()] = value.strip()
                came = time.monotonic()
                with self._lock:
                    self._now += 1
                    self.most_at_once = max(self.most_at_once, self._now)
                try:
                    answer = self.answers.get(line[1], reply("not here", "404 Not Found"))
                    if isinstance(answer, list):
                        answer = answer.pop(0) if len(answer) > 1 else answer[0]
                    made = (
                        answer
                        if isinstance(answer, bytes)
                        else answer(self, Asked(line[1], headers, came, 0), connection)
                    )
                finally:
                    with self._lock:
                        self._now -= 1
                        self.asked.append(Asked(line[1], headers, came, time.monotonic()))
                if made is not None:
                    connection.sendall(made)
                if made is None or b"Content-Length" not in made or b"Connection: close" in made:
                    return


@contextmanager
def serving(answers: dict[str, bytes | list[bytes] | Answer] | None = None) -> Iterator[Server]:
    listening = socket.create_server(("127.0.0.1", 0))
    server = Server(listening.getsockname()[1], answers or {})

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=server.handle, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
