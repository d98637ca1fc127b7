"""The fonts that letters ask for, and which of them are not installed: looked up before anything is converted."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

_PART = re.compile(r"word/(document|styles|header\d*|footer\d*)\.xml$")
_ASKED = re.compile(rb'<w:rFonts\b[^>]*?\bw:eastAsia="([^"]+)"')
# One font has several names; an installed file may know only one of them.
NAMES: Mapping[str, tuple[str, ...]] = {
    "仿宋_GB2312": ("FangSong_GB2312",),
    "仿宋": ("FangSong",),
    "楷体_GB2312": ("KaiTi_GB2312",),
    "楷体": ("KaiTi",),
    "黑体": ("SimHei",),
    "宋体": ("SimSun",),
    "方正小标宋简体": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"),
    "方正小标宋_GBK": ("FZXiaoBiaoSong-B05",),
}
_PATIENCE = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Missing:
    """A font that is not installed, and the one that stands in for it (empty where that is not known before)."""

    font: str
    instead: str


def asked(members: Mapping[str, bytes]) -> set[str]:
    """East Asian fonts that a letter's parts name."""
    parts = (data for name, data in members.items() if _PART.match(name))
    return {found.decode() for data in parts for found in _ASKED.findall(data)}


def missing(fonts: Iterable[str], installed: Callable[[], set[str]], instead: Callable[[str], str]) -> list[Missing]:
    """Those of ``fonts`` that are not ``installed`` under any of their names."""
    known = {name.casefold() for name in installed()}
    lacking = [f for f in sorted(fonts) if not known.intersection(n.casefold() for n in (f, *NAMES.get(f, ())))]
    return [Missing(font, instead(font)) for font in lacking]


def installed() -> set[str]:
    """Family names of the installed fonts: fontconfig's, or the registry's on Windows. Empty where nobody can tell."""
    if sys.platform == "win32":
        return _registry()
    return {name.strip() for line in said("fc-list", ":", "family") for name in line.split(",") if name.strip()}


def instead(font: str) -> str:
    """What fontconfig gives for a font that is not there, for Chinese text."""
    lines = said("fc-match", f"{font}:lang=zh-cn", "family")
    return lines[0].split(",")[0] if lines else ""


def said(command: str, *arguments: str) -> list[str]:
    """The lines that a program of fontconfig prints; none where it is not installed."""
    path = shutil.which(command)
    if path is None:
        return []
    done = subprocess.run([path, *arguments], capture_output=True, timeout=_PATIENCE, check=False)  # noqa: S603
    return done.stdout.decode("utf-8", "replace").splitlines()


def _registry() -> set[str]:
    """``仿宋_GB2312 (TrueType)`` → its names; a collection lists several with ``&``."""
    if sys.platform != "win32":
        return set()
    import winreg

    names: set[str] = set()
    for root in (winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER):
        try:
            key = winreg.OpenKey(root, r"Software\Microsoft\Windows NT\CurrentVersion\Fonts")
        except OSError:  # nobody has installed fonts for this user alone
            continue
        with key:
            for n in range(winreg.QueryInfoKey(key)[1]):
                value = re.sub(r"\s*\([^)]*\)\s*$", "", winreg.EnumValue(key, n)[0])
                names |= {name.strip() for name in value.split("&")}
    return names
