"""Look through Word templates before an office uses them: each file by itself, then every letter made with it.

``lint_wording`` looks through the measures' own wording for statements that nothing records.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from lxml import etree

from incubxl.letters import text
from incubxl.letters.compose import BODY, DOCUMENT, file_of, included, members_of, sources
from incubxl.letters.engine import LetterEngine
from incubxl.letters.examples import examples
from incubxl.letters.faults import PART, Fault, part_word
from incubxl.letters.findings import LetterRefused, TemplateRefused
from incubxl.letters.fonts import font_faults
from incubxl.letters.template import file_faults
from incubxl.policy.claims import statements, unsupported
from incubxl.policy.letters import Layout
from incubxl.policy.pack import Pack

_TAGS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
LAYOUTS: tuple[str, ...] = get_args(Layout)


@dataclass(frozen=True, slots=True)
class Finding:
    """``file`` is the template's name; ``paragraph`` 0: the whole file. ``message``: what is wrong and how to mend."""

    file: str
    part: str  # 页眉, 页脚 …; empty for the text
    paragraph: int
    said: str
    message: str

    def __str__(self) -> str:
        place = f"{self.part}第{self.paragraph}段" if self.paragraph else self.part
        said = f"「{self.said.strip()[:40]}」" if self.said.strip() else ""
        return f"{self.file} {place}{said}：{self.message}" if place or said else f"{self.file}：{self.message}"


@dataclass(frozen=True, slots=True)
class Report:
    """``rendered``: how many letters were made and read back."""

    findings: tuple[Finding, ...]
    rendered: int


def lint(shelf: Mapping[str, bytes], own: Iterable[str], packs: Iterable[Pack]) -> Report:
    """Check the templates ``own`` among all of the ``shelf``, and every letter of ``packs`` that is made with one.

    ``shelf``: .docx bytes by name, as letters would use them. A file that is wrong by itself makes no letters.
    """
    looked = dict.fromkeys(name for name in own if name in shelf)
    known = tuple(packs)
    found: list[Finding] = []
    broken: set[str] = set()
    for name in looked:
        wrong, mild = _file(name, shelf[name])
        found += [*wrong, *mild, *_stated(name, shelf[name], known)]
        if wrong:
            broken.add(name)
        if not _used(name, shelf, known):
            found.append(Finding(f"{name}.docx", "", 0, "", f"没有通知书用到这个文件名；可用的有：{_names(known)}"))
    refused, rendered = _letters(shelf, looked, broken, known)
    return Report((*found, *refused), rendered)


def lint_wording(packs: Iterable[Pack]) -> Report:
    """Every kind's wording in ``letters.yaml``: no step is said to be taken that nothing bears out."""
    found = [
        Finding("letters.yaml", "", 0, "", f"{pack.measure.short_name}「{kind.label}」{why}")
        for pack in packs
        for kind in pack.letters.kinds
        for why in unsupported(kind)
    ]
    return Report(tuple(found), 0)


def _stated(name: str, data: bytes, packs: tuple[Pack, ...]) -> list[Finding]:
    """Statements in a file's fixed text that a step was taken: only a kind's own file, whose kind declares them."""
    try:
        members = members_of(data)
    except TemplateRefused:
        return []
    kinds = [kind for pack in packs for kind in pack.letters.kinds if kind.id == name]
    borne_out = [claim.says for kind in kinds for claim in kind.claims]
    return [
        Finding(f"{name}.docx", part_word(part), n, line, f"写有「{said}」，{_FIXED}")
        for part, xml in members.items()
        if PART.match(part)
        for n, line in enumerate(_readable(xml), 1)
        for said in dict.fromkeys(statements(_TAGS.sub("", line)))
        if not any(said in claim for claim in borne_out)
    ]


_FIXED = (
    "模板对每一份通知书都照写，而这一环节不一定有记录；请删去，由署名人写在具体事项里，"
    "或写进政策包的 letters.yaml 并在 claims 写明依据"
)


def _readable(xml: bytes) -> list[str]:
    try:
        return text.paragraphs(xml)
    except etree.XMLSyntaxError:
        return []  # told by faults


def _letters(
    shelf: Mapping[str, bytes], looked: Collection[str], broken: set[str], packs: tuple[Pack, ...]
) -> tuple[list[Finding], int]:
    """Make every letter that rests on a template looked at: each reason of a refusal once, and how many were made."""
    engine = LetterEngine(shelf)
    rests_on: dict[tuple[str, str], set[str]] = {}
    rendered = 0
    refusals: dict[tuple[str, str], list[str]] = {}
    for pack in packs:
        for example in examples(pack):
            name = example.kind.id if example.kind.id in shelf else example.kind.layout
            if name not in shelf or name in broken:
                continue
            key = name, example.context["form"]
            if key not in rests_on:
                rests_on[key] = set(_sources(shelf, *key, broken))
            behind = rests_on[key]
            if not behind & set(looked) or behind & broken:
                continue
            rendered += 1
            try:
                engine.render(example.kind.id, example.context)
            except LetterRefused as refused:
                files = "、".join(f"{n}.docx" for n in looked if n in behind)
                refusals.setdefault((files, refused.reason), []).append(f"{pack.measure.short_name}「{example.label}」")
    return [
        Finding(files, "", 0, "", f"{reason}（{labels[0]}{f'等{len(labels)}份' if len(labels) > 1 else ''}）")
        for (files, reason), labels in refusals.items()
    ], rendered


def _sources(shelf: Mapping[str, bytes], name: str, form: str, broken: set[str]) -> tuple[str, ...]:
    """The templates behind a letter; those that are broken are not looked into."""
    try:
        return sources(shelf, name, form)
    except TemplateRefused:
        return tuple(broken)


def _file(name: str, data: bytes) -> tuple[list[Finding], list[Finding]]:
    """What is wrong with one file by itself: what keeps letters from being made, and fonts."""
    try:
        members = members_of(data)
    except TemplateRefused as refused:
        return [Finding(f"{name}.docx", "", 0, "", refused.reason)], []
    found = list(file_faults(members))
    return [_finding(name, f) for f in found], [_finding(name, f) for f in font_faults(members)]


def _finding(name: str, fault: Fault) -> Finding:
    return Finding(f"{name}.docx", fault.part, fault.paragraph, fault.said, fault.reason)


def _used(name: str, shelf: Mapping[str, bytes], packs: tuple[Pack, ...]) -> bool:
    if name in LAYOUTS or name.startswith("form-") or any(name == k.id for p in packs for k in p.letters.kinds):
        return True
    return any(name == file_of(wanted) for data in shelf.values() for wanted in _wanted(data))


def _wanted(data: bytes) -> set[str]:
    try:
        said = text.paragraphs(members_of(data)[DOCUMENT])
    except TemplateRefused:
        return set()
    return {included(line) for line in said} - {"", BODY}


def _names(packs: tuple[Pack, ...]) -> str:
    kinds = sorted({k.id for p in packs for k in p.letters.kinds} - set(LAYOUTS))
    return "、".join((*LAYOUTS, *kinds, "form-…", "part-…"))
