"""Whether the record is as it was written: every kind of tampering is told with the entry's number.

An edit, a deletion, a swap or an inserted line in the middle breaks the chain. A chain that was cut at its end or
written anew from some entry on is sound in itself: only a hash that was printed elsewhere shows it (``heads``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import incubxl.audit.findings  # noqa: F401  (defines the issues)
from incubxl.audit.chain import RECORD, Chain, Head, Line
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.publish.chained import canonical, digest

_HEAD = re.compile(r"[0-9a-f]{16,64}")
_SHOWN = 12  # characters of a hash in a message
KINDS = {
    "run.begun": "运行开始",
    "workbook": "工作簿",
    "run.ended": "运行结束",
    "swept": "清理留存",
    "replayed": "复算",
}


@dataclass(frozen=True)
class Verified:
    """``head``: the last sound entry. ``confirmed``: printed hash → number of its entry. ``issues`` in file order."""

    entries: int
    head: Head
    confirmed: Mapping[str, int]
    issues: tuple[Issue, ...]

    @property
    def sound(self) -> bool:
        return not any(i.severity == "error" for i in self.issues)


def verify(out: Path, heads: Iterable[str] = (), printed: Mapping[str, tuple[str, str]] | None = None) -> Verified:
    """Go through the record in ``out``. ``heads``: printed hashes (or their first 16 characters and more) that somebody
    typed. ``printed``: hash → (file that holds it, run), found by the program itself."""
    place = Place(file=RECORD)
    if not (out / RECORD).is_file():
        return Verified(0, Head(), {}, (issue("audit.none", place, path=out),))
    walk = _Walk(place)
    for line in Chain(out).lines():
        walk.line(line)
    walk.end()
    if beside := sorted(path.name for path in out.glob(f"{Path(RECORD).stem}*.jsonl") if path.name != RECORD):
        walk.say("audit.beside", files="、".join(beside))
    confirmed: dict[str, int] = {}
    for head in heads:
        wanted = head.strip().strip("…").lower()
        if not _HEAD.fullmatch(wanted):
            walk.say("audit.head_bad", head=head[:70])
            continue
        found = next((n for n, each in walk.sound.items() if each.startswith(wanted)), None)
        if found is None:
            walk.say("audit.head_unknown", head=wanted[:16], n=walk.count, last=walk.last.hash[:_SHOWN])
        else:
            confirmed[wanted] = found
    for head, (path, run) in (printed or {}).items():
        if head in walk.sound.values():
            continue
        walk.say("audit.head_manifest", path=path, run=run, head=head[:16])
    return Verified(walk.count, walk.last, confirmed, tuple(walk.issues))


class _Walk:
    """One pass. ``sound``: number → hash of the entries whose content fits their hash."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.issues: list[Issue] = []
        self.sound: dict[int, str] = {}
        self.last = Head()
        self.count = 0
        self._begun: dict[str, int] = {}
        self._torn: Line | None = None

    def say(self, code: str, **seen: Any) -> None:
        self.issues.append(issue(code, self.place, **seen))

    def line(self, line: Line) -> None:
        if self._torn is not None:
            self._closed(self._torn, line.entry)
            self._torn = None
        entry = line.entry
        if entry is None:
            self._torn = line
            return
        self.count += 1
        n, what = entry["n"], KINDS.get(entry["kind"], entry["kind"])
        real = digest(entry)
        self._place_of(line, entry, what)
        if real != entry["hash"]:
            self.say("audit.edited", n=n, what=what, now=real[:_SHOWN], then=entry["hash"][:_SHOWN])
        elif line.raw != canonical(entry):
            self.say("audit.respelt", n=n, what=what)
        else:
            self.sound.setdefault(n, entry["hash"])
        self.last = Head(n, entry["hash"])
        if entry["kind"] == "run.begun":
            self._begun[entry["run"]] = n
            if lost := entry["body"].get("lost"):
                self.say("audit.lost", n=n, head=str(lost)[:16])
        elif entry["kind"] == "run.ended":
            self._begun.pop(entry["run"], None)

    def _place_of(self, line: Line, entry: Mapping[str, Any], what: str) -> None:
        n, wanted = entry["n"], self.last.n + 1
        if n > wanted:
            which = f"第 {wanted} 条" if n == wanted + 1 else f"第 {wanted} 至第 {n - 1} 条"
            self.say("audit.missing", which=which, before=self.last.n, n=n)
        elif n < wanted:
            self.say("audit.order", line=line.at, wanted=wanted, n=n)
        elif entry["prev"] != self.last.hash:
            said, real = entry["prev"][:_SHOWN], self.last.hash[:_SHOWN]
            self.say("audit.unlinked", n=n, what=what, before=self.last.n, said=said, real=real)

    def _closed(self, torn: Line, entry: Mapping[str, Any] | None) -> None:
        """A line that is no entry: one that the next entry owns up to, or something that does not belong here."""
        told = (entry or {}).get("torn")
        if told == {"bytes": len(torn.raw), "sha256": hashlib.sha256(torn.raw).hexdigest()}:
            self.say("audit.torn", line=torn.at, n=self.last.n)
        else:
            self.say("audit.not_entry", line=torn.at, seen=_shown(torn.raw))

    def end(self) -> None:
        """After the last line."""
        if self._torn is not None and not self._torn.end and self._torn.raw.startswith(b"{"):
            self.say("audit.torn_end", n=self.last.n)
        elif self._torn is not None:
            self._closed(self._torn, None)
        for run, n in self._begun.items():
            self.say("audit.unended", run=run, n=n)


def _shown(raw: bytes) -> str:
    """The beginning of a line, without what would do something to a terminal."""
    return "".join(sign if sign.isprintable() else "□" for sign in raw[:40].decode("utf-8", "replace"))
