"""pdfminer without its ciphers until a file asks for them: `prepare` comes before the first import of pdfminer.

Belongs here: what stands in for the library `cryptography` while pdfminer is imported. Does not belong here: reading, and
which files are refused for how they are locked.

pdfminer imports `cryptography` whatever it is to read, and only files that are encrypted with AES need it. Its library does
not load everywhere (it asks for parts that an older Windows, or wine, does not have); a file that is not encrypted shall
not go unread for that, nor wait for the import.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from threading import Lock
from types import ModuleType
from typing import Any

_USER = "pdfminer.pdfdocument"
_BACKENDS = "cryptography.hazmat.backends"
_CIPHERS = "cryptography.hazmat.primitives.ciphers"
_LOCK = Lock()


class _Later(ModuleType):
    """A module that is imported when something of it is first asked for: what then fails raises ImportError."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(import_module(self.__name__), name)


def prepare() -> None:
    """Import pdfminer's documents so that `cryptography` is imported when the first cipher is made, and not before."""
    with _LOCK:
        if _USER in sys.modules:
            return
        backends, ciphers = ModuleType(_BACKENDS), ModuleType(_CIPHERS)
        vars(backends)["default_backend"] = _later(_BACKENDS, "default_backend")
        vars(ciphers).update(
            Cipher=_later(_CIPHERS, "Cipher"),
            algorithms=_Later(f"{_CIPHERS}.algorithms"),
            modes=_Later(f"{_CIPHERS}.modes"),
        )
        before = {name: sys.modules.get(name) for name in (_BACKENDS, _CIPHERS)}
        sys.modules.update({_BACKENDS: backends, _CIPHERS: ciphers})
        try:
            import_module(_USER)
        finally:
            for name, module in before.items():
                if module is None:
                    del sys.modules[name]
                else:
                    sys.modules[name] = module


def _later(module: str, name: str) -> Callable[..., Any]:
    def call(*args: Any, **named: Any) -> Any:
        return getattr(import_module(module), name)(*args, **named)

    return call
