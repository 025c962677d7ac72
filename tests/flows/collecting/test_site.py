"""The test site is what the tests of collecting think it is."""

from __future__ import annotations

import tomllib
import urllib.error
import urllib.request
from typing import Any

import pytest

from parsers.extraction import extract

from .site import Built, attachments, build, faults


def get(address: str, **headers: str) -> Any:
    request = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=5) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def test_it_is_large_and_its_sources_name_every_host(built: Built) -> None:
    assert len(built.world) >= 400
    assert len({(r.body, r.year) for r in built.world}) == len(built.world)
    sources = tomllib.loads(built.sources)["source"]
    named = {host.label for host in built.site.hosts.values() if any(host.root in s["address"] for s in sources)}
    assert set(built.site.hosts) - named == {"private"}


def test_a_report_there_is_read_as_it_is(built: Built, tmp_path: Any) -> None:
    report = next(r for r in built.world if r.format == "html")
    _, _, body = get(built.url("shapes", "/nb/page.html"))
    report = attachments.shape_of(built.world, "page")
    (tmp_path / "a.html").write_bytes(body)
    (found,) = extract(tmp_path / "a.html").reports
    assert (found.issuer_printed, found.year) == (report.body, report.year)
    expected = {a: c.value for a, c in report.truth.expected().items() if c.kind == "number"}
    assert {f.address: f.value for f in found.facts if f.value is not None} == expected


def test_the_log_and_conditional_requests() -> None:
    with build() as own:
        address = own.url("plain", "/zwgk/nb/")
        _, headers, _ = get(address)
        status, _, _ = get(address, **{"If-None-Match": headers["ETag"]})
        assert status == 304
        first, second = own.site.asked("plain")
        assert (first.conditional, second.conditional) == (False, True)
        assert first.ended <= second.began
        assert own.site.repeated() == [("plain", "/zwgk/nb/")]
        own.site.forget()
        assert own.site.asked() == []


def test_a_revision_changes_one_figure_and_a_withdrawn_report_is_gone() -> None:
    with build() as own:
        report = attachments.shape_of(own.world, "page")
        address = own.url("shapes", "/nb/page.html")
        before = report.truth.values
        changed = report.revise()
        after = report.truth.values
        assert {a for a in after if after[a] != before[a]} == {changed}
        report.up = False
        assert get(address)[0] == 404
        report.up = True
        assert get(address)[0] == 200


@pytest.mark.parametrize(
    ("fault", "status"), [("gone", 410), ("challenge_412", 412), ("broken", 500), ("soft_404", 200)]
)
def test_faults_are_faults(built: Built, fault: str, status: int) -> None:
    assert faults.FAULTS[fault]
    assert get(built.url("faults", f"/nb/{fault}.html"))[0] == status
