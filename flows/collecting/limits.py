"""The bounds of a request, from the settings.

Belongs here: that one mapping, for a collect and for a look. Does not belong here: keeping to them (`fetching`).
"""

from __future__ import annotations

import os

from flows.home import Settings

from .fetching import Limits


def limits_of(settings: Settings) -> Limits:
    """The bounds that the settings give a request."""
    return Limits(
        seconds=settings.request_seconds,
        megabytes=settings.request_megabytes,
        retries=settings.retries,
        retry_wait=settings.retry_wait,
        contact=settings.contact,
        proxy=_proxy(settings.proxy),
    )


def _proxy(setting: str) -> str:
    """The proxy's address of a setting."""
    if setting != "environment":
        return setting
    names = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "http_proxy", "HTTP_PROXY")
    return next((v for n in names if (v := os.environ.get(n))), "")
