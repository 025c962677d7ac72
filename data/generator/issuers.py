"""Authorities that generated reports may be of.

Belongs here: names, kinds and levels of real authorities, so that a registry of divisions can recognise them.
Does not belong here: figures; every figure of a generated report is invented.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Issuer:
    """An authority. ``we`` is how it speaks of itself, ``whole`` how it names its area; ``kind`` and ``level`` as in
    the interface. ``makes_regulations``: it may make 规章. ``province``: the first two digits of its division code."""

    name: str
    kind: str
    level: str | None
    we: str
    whole: str
    scope: str
    province: str
    makes_regulations: bool = False


def _government(name: str, level: str, province: str) -> Issuer:
    unit = {"province": "省", "prefecture": "市", "county": "县"}[level]
    if name.endswith("区人民政府"):
        unit = "区"
    return Issuer(name, "government", level, f"我{unit}", f"全{unit}", "area", province, level != "county")


def _office(name: str, level: str, province: str) -> Issuer:
    return Issuer(name, "office", level, "我办", "本机关", "office", province)


def _body(name: str, kind: str, level: str | None, we: str, province: str) -> Issuer:
    return Issuer(name, kind, level, we, "本单位", "body", province)


ISSUERS: tuple[Issuer, ...] = (
    _government("湖南省人民政府", "province", "43"),
    _government("甘肃省人民政府", "province", "62"),
    _government("淮安市人民政府", "prefecture", "32"),
    _government("衢州市人民政府", "prefecture", "33"),
    _government("株洲市人民政府", "prefecture", "43"),
    _government("赣州市人民政府", "prefecture", "36"),
    _government("福州市人民政府", "prefecture", "35"),
    _government("淮安市洪泽区人民政府", "county", "32"),
    _government("宿迁市宿城区人民政府", "county", "32"),
    _government("沭阳县人民政府", "county", "32"),
    _government("攸县人民政府", "county", "43"),
    _government("乾县人民政府", "county", "61"),
    _government("开化县人民政府", "county", "33"),
    _government("临泽县人民政府", "county", "62"),
    _government("连江县人民政府", "county", "35"),
    _office("衢州市人民政府办公室", "prefecture", "33"),
    _office("攸县人民政府办公室", "county", "43"),
    _office("沭阳县人民政府办公室", "county", "32"),
    _body("沭阳县发展和改革局", "department", "county", "我局", "32"),
    _body("攸县教育局", "department", "county", "我局", "43"),
    _body("衢州市财政局", "department", "prefecture", "我局", "33"),
    _body("株洲市民政局", "department", "prefecture", "我局", "43"),
    _body("福州市教育局", "department", "prefecture", "我局", "35"),
    _body("攸县网岭镇人民政府", "township", "township", "我镇", "43"),
    _body("沭阳县马厂镇人民政府", "township", "township", "我镇", "32"),
    _body("国家税务总局沭阳县税务局", "vertical", "county", "我局", "32"),
)


def by_name(name: str) -> Issuer:
    """The issuer of this name. Raises KeyError for one that is not listed."""
    for issuer in ISSUERS:
        if issuer.name == name:
            return issuer
    raise KeyError(name)
