"""The letters of a run's folder to PDF beside them, and to one file for two-sided printing."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lxml.etree import XMLSyntaxError

from incubxl.batch.outputs import set_print_aside
from incubxl.batch.print_sources import Below, some, sources
from incubxl.files.refusal import reason
from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.letters import package
from incubxl.printing import fonts, glyphs
from incubxl.printing.duplex import Placed, merged, place
from incubxl.printing.model import Converter, Printed, Refused, Source
from incubxl.printing.own import kept
from incubxl.printing.work import print_letters
from incubxl.publish.atomic import write_bytes, writing


@dataclass(frozen=True)
class Printing:
    """What came of it. ``made`` and ``kept`` (PDFs that were already those of their letters) in the letters' order.

    ``placed``: the page list of the file for two-sided printing, empty without one; ``aside``: earlier PDFs that are
    no longer those of their letters, where they are now.
    """

    letters: int
    made: tuple[Printed, ...] = ()
    kept: tuple[Printed, ...] = ()
    refused: tuple[Refused, ...] = ()
    issues: tuple[Issue, ...] = ()
    aside: tuple[Path, ...] = ()
    placed: tuple[Placed, ...] = ()
    pages_file: Path | None = None
    cancelled: bool = False


@dataclass
class _State:
    places: Mapping[Source, Below]
    results: dict[Source, Printed] = field(default_factory=dict)
    made: set[Source] = field(default_factory=set)
    refused: list[Refused] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    aside: list[Path] = field(default_factory=list)
    cancelled: bool = False


def missing_fonts(letters: Sequence[Source], program: str) -> list[Issue]:
    """What the letters' fonts are replaced by here, in one issue; nothing where all are there or nobody can tell."""
    known = fonts.installed()
    if not known:
        return []
    asked: set[str] = set()
    seen: set[str] = set()
    for letter in letters:
        try:
            members = package.unpack(letter.path.read_bytes())
        except (OSError, ValueError):
            continue  # told when it is converted
        digest = hashlib.sha256(members.get("word/styles.xml", b"")).hexdigest()
        if digest not in seen:
            seen.add(digest)
            asked |= fonts.asked(members)
    lacking = fonts.missing(asked, lambda: known, fonts.instead)
    if not lacking:
        return []
    stand_ins = sorted({m.instead for m in lacking if m.instead})
    found = {"fonts": "、".join(m.font for m in lacking), "program": program}
    return [
        issue("print.font_missing", Place(), **found, substitute=f"（{'、'.join(stand_ins)}）" if stand_ins else "")
    ]


def rare_characters(letters: Sequence[Source]) -> tuple[dict[Source, Refused], list[Issue]]:
    """The letters with a character that no installed font can draw; and where nobody can tell, those to look at."""
    without: dict[Source, Refused] = {}
    unsure: list[Issue] = []
    fonts_have = glyphs.drawn()
    for letter in letters:
        try:
            found = glyphs.lacking(package.unpack(letter.path.read_bytes()), fonts_have)
        except (OSError, ValueError, XMLSyntaxError):
            continue  # told when it is converted
        if not found:
            continue
        code = "print.glyph_unsure" if fonts_have is None else "print.no_glyph"
        refused = letter.refuse(code, signs=glyphs.named(found))
        if fonts_have is None:
            unsure.append(refused.issue)
        else:
            without[letter] = refused
    return without, unsure


def print_folder(
    out: Path,
    converter: Converter,
    *,
    drafts: bool,
    jobs: int,
    merge_into: Path | None,
    ran_at: dt.datetime,
    advanced: Callable[[int, int], None] = lambda done, of: None,
) -> Printing:
    """Make the PDF of every letter of ``out``, each published when it has been read back. Raises OSError, CannotStart.

    A PDF that is already that of its letter stays. Another one under its name was made of an older letter, or by
    somebody: it is moved aside, never replaced, also where there is no new one.
    """
    places, gone, odd = sources(out, drafts=drafts)
    letters = [source for source in places if source not in gone]
    run_id = f"{ran_at:%Y%m%d-%H%M%S}"
    state = _State(places, issues=[*odd, *missing_fonts(letters, converter.program)])
    for source in gone:
        _publish(source.refuse("print.gone", file=source.path.name), state, run_id)
    todo: list[Source] = []
    without, unsure = rare_characters(letters)
    state.issues += unsure
    for letter in letters:
        if letter in without:
            _publish(without[letter], state, run_id)
            continue
        there = kept(letter)
        if there:
            state.results[letter] = replace(there, data=b"")
        else:
            todo.append(letter)
    advanced(len(state.results), len(letters))
    try:
        with (
            tempfile.TemporaryDirectory(prefix="incubxl-pdf-", ignore_cleanup_errors=True) as folder,
            closing(print_letters(todo, converter, Path(folder), jobs)) as results,
        ):
            for result in results:
                _publish(result, state, run_id)
                advanced(len(state.results) + len(state.refused), len(letters))
    except KeyboardInterrupt:
        state.cancelled = True
    done = [(letter, state.results[letter]) for letter in letters if letter in state.results]
    loose = sorted({f for _, one in done for f in one.loose})
    if loose:
        count = sum(bool(one.loose) for _, one in done)
        state.issues.append(issue("print.font_not_embedded", Place(), count=count, fonts=some(loose)))
    whole = Printing(
        len(places),
        made=tuple(one for letter, one in done if letter in state.made),
        kept=tuple(one for letter, one in done if letter not in state.made),
        refused=tuple(state.refused),
        issues=tuple(state.issues),
        aside=tuple(state.aside),
        cancelled=state.cancelled,
    )
    if merge_into is None or state.cancelled or not done:
        return whole
    placed = place([(letter, one.pages) for letter, one in done])
    with writing(merge_into) as temp:
        merged(placed, temp)
    pages_file = merge_into.with_name(f"{merge_into.stem}_页码表.json")
    body = json.dumps(page_list(merge_into, placed, state.refused), ensure_ascii=False, indent=1)
    write_bytes(pages_file, body.encode("utf-8", "replace"))
    return replace(whole, placed=tuple(placed), pages_file=pages_file)


def _publish(result: Printed | Refused, state: _State, run_id: str) -> None:
    source = result.source
    folder, name = state.places[source]
    try:
        state.aside += [folder / moved for moved in set_print_aside(folder, name, run_id)]
        if isinstance(result, Refused):
            state.refused.append(result)
            return
        write_bytes(source.target, result.data)
    except OSError as error:
        state.refused.append(source.refuse("print.failed", reason=f"写不进「{source.target.parent}」：{reason(error)}"))
        return
    state.results[source] = replace(result, data=b"")
    state.made.add(source)


def page_list(file: Path, placed: Sequence[Placed], refused: Sequence[Refused]) -> dict[str, Any]:
    """The page list as JSON data; ``missing`` are letters that are not in the file."""
    return {
        "file": file.name,
        "pages": placed[-1].last if placed else 0,
        "letters": [
            {
                "order": n, "applicant_id": p.source.applicant, "applicant": p.source.reader, "kind": p.source.kind,
                "source": p.source.path.name, "first": p.first, "last": p.last, "blank_after": p.blank,
            }
            for n, p in enumerate(placed, 1)
        ],
        "missing": [
            {"applicant_id": r.source.applicant, "applicant": r.source.reader, "kind": r.source.kind,
             "why": r.issue.message}
            for r in refused
        ],
    }  # fmt: skip
