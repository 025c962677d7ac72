"""A small internet on this machine, for whatever collects: every family of government sites, and all that goes wrong.

    with build() as built:
        built.sources            # the text of a sources.toml for all of it
        built.site.asked("trs")  # the log of what was asked
        built.world.reports      # what is published, to be revised and withdrawn

Belongs here: putting the parts together, and the sources that name them. ``python -m tests.flows.collecting.site`` serves
it for trying commands by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from . import attachments, families, faults
from .server import Host, Site
from .world import DEPARTMENTS, Report, World

__all__ = ["Built", "Host", "Report", "Site", "World", "build"]


@dataclass(frozen=True)
class Built:
    """The running site, its reports, and a list of sources for them."""

    site: Site
    world: World
    sources: str

    def url(self, label: str, path: str) -> str:
        return self.site.hosts[label].url(path)


@contextmanager
def build(*, delay: float = 0.0, daily_cap: int = 100_000) -> Iterator[Built]:
    """Serve everything until the end of the block; sources ask for ``delay`` seconds between requests."""
    site, world = Site(), World()
    for make in (*families.ALL, attachments.shapes, faults.robots, faults.faults):
        make(site, world)
    with site:
        yield Built(site, world, sources_toml(site, delay, daily_cap))


def sources_toml(site: Site, delay: float, daily_cap: int) -> str:
    """One source for each way of publishing."""
    u = {label: host.root for label, host in site.hosts.items()}
    head = f'[defaults]\ndelay = {delay}\ndaily_cap = {daily_cap}\nallow = ["private_address", "http"]\n\n'
    values = ", ".join(f'"连江县{name}" = "{n:03d}"' for n, name in enumerate(DEPARTMENTS[:10], 1))
    entries = [
        ("plain", f'address = "{u["plain"]}/zwgk/nb/"'),
        ("gbk", f'address = "{u["gbk"]}/nb/list.asp"\nyears = "2023-"'),
        ("trs", f'address = "{u["trs"]}/col/xxgknb/index.html"\nfamily = "trs"'),
        ("jpage", f'address = "{u["jpage"]}/col/col151/index.html"'),
        (
            "xxgk",
            f'kind = "query"\naddress = "{u["xxgk"]}/module/xxgk/xxgkAnnualReport.jsp?fbtime={{year}}&area={{body}}"\n'
            f'years = "2022-2025"\nvalues = {{ {values} }}',
        ),
        ("gkmlpt", f'address = "{u["gkmlpt"]}/gkmlpt/annualreport#2671"'),
        (
            "json",
            f'address = "{u["json"]}/api/list?pageNo=1&pageSize=8"\n[source.json]\nitems = "data.rows"\n'
            'title = "docTitle"\naddress = "docUrl"\ndate = "pubTime"\nbody = "dept.name"\ntotal = "data.pager.total"\npage = "pageNo"',
        ),
        ("by_year", f'address = "{u["hops"]}/nb/"'),
        ("by_body", f'address = "{u["hops"]}/qm/"'),
        ("platform", f'address = "{u["platform"]}/public/annual"'),
        ("rss", f'address = "{u["feeds"]}/rss.xml"'),
        ("atom", f'address = "{u["feeds"]}/atom.xml"'),
        ("sitemap", f'address = "{u["feeds"]}/sitemap.xml"\npath = "/xxgknb/"'),
        ("shapes", f'address = "{u["shapes"]}/nb/"'),
        ("faults", f'address = "{u["faults"]}/nb/"'),
        *((label, f'address = "{u[label]}/nb/"') for label in faults.ROBOTS),
    ]
    return head + "\n\n".join(f'[[source]]\nname = "{name}"\n{rest}' for name, rest in entries) + "\n"
