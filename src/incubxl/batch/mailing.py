"""From a run's folder to letters with addresses: final letters as they were published, addresses as the register has
them now, and every reason why one of them may not go out."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stdnum.cn import uscc

from incubxl.batch.contacts import Contacts, contact, read_contacts, unmailed
from incubxl.batch.fingerprint import fingerprint
from incubxl.batch.job import GENERATED, pack_state
from incubxl.batch.mail_company import EMAIL, REPLACING, Book, in_company
from incubxl.batch.manifest import MANIFEST, CannotStart, Manifest
from incubxl.batch.model import LetterRecord
from incubxl.files.packs import store
from incubxl.files.read import read_grid
from incubxl.grid import CellKind, Grid, Place
from incubxl.issues import Issue, issue
from incubxl.letters.reference import WITHDRAWAL
from incubxl.letters.said import said
from incubxl.mail.address import NoAddress, read_address
from incubxl.mail.findings import MailRefused, refused
from incubxl.mail.model import Addressed, Mail
from incubxl.mail.templates import MailTemplates
from incubxl.policy.pack import Pack
from incubxl.register.fold import squash
from incubxl.register.model import Register
from incubxl.register.read import read_register

_ANYWHERE = "正文、页眉页脚、批注或文件属性里"
_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-HJ-NP-RTUWXY]{18}(?![0-9A-Za-z])")


@dataclass(frozen=True)
class Gathered:
    """What a run's folder has to mail. Every final letter is among ``letters`` or named by an issue.

    ``held``: letters with an address that may not go, with why (among the issues too).
    """

    letters: tuple[Addressed, ...]
    issues: tuple[Issue, ...]
    held: tuple[tuple[Addressed, Issue], ...] = ()


def gather(out: Path, policies: Path | None) -> Gathered:
    """Every final letter of the run in ``out``. Raises MailRefused for a folder without a run."""
    manifest = _manifest(out)
    found: list[Addressed | Issue] = []
    books: list[Book] = []
    for folder, entry in sorted(manifest.entries.items()):
        found += _workbook(manifest, folder, entry, policies, books)
    letters: list[Addressed] = []
    issues = [one for one in found if isinstance(one, Issue)]
    held: list[tuple[Addressed, Issue]] = []
    for letter, why in in_company([one for one in found if not isinstance(one, Issue)], books):
        wrong = why or check_letter(letter)
        if wrong is None:
            letters.append(letter)
        else:
            held.append((letter, wrong))
            issues.append(wrong)
    return Gathered(tuple(letters), tuple(issues), tuple(held))


def final_letters(out: Path) -> int:
    """How many final letters the run in ``out`` wrote. Raises MailRefused for a folder without a run."""
    entries = _manifest(out).entries.values()
    return sum(LetterRecord(*row).state == "final" for entry in entries for row in entry.get("letters") or ())


def _manifest(out: Path) -> Manifest:
    if not (out / MANIFEST).is_file():
        raise refused("mail.run_missing", Place(file=str(out)), path=out)
    try:
        return Manifest.read(out)
    except CannotStart as error:
        raise refused("mail.run_missing", Place(file=str(out)), path=out) from error


def _workbook(
    manifest: Manifest, folder: str, entry: Mapping[str, Any], policies: Path | None, books: list[Book]
) -> Iterator[Addressed | Issue]:
    shown = str(entry.get("input") or folder)
    place = Place(file=shown)
    if entry.get("status") != "done" or "letters" not in entry:
        yield issue("mail.run_again", place, file=shown)
        return
    if not entry["letters"]:
        return
    source = (manifest.out / entry["path"]).resolve()
    if not source.is_file():
        yield issue("mail.register_missing", place, file=shown)
        return
    grid, _ = read_grid(source, GENERATED)
    if grid is None or not _same(grid, entry, policies):
        yield issue("mail.register_changed", place, file=shown)
        return
    if pack_state(entry["pack"], policies) != entry["pack_digest"]:
        yield issue("mail.pack_changed", place, file=shown)
        return
    pack = store(policies).pack(entry["pack"])
    register = read_register(grid, pack)
    contacts = read_contacts(grid)
    books.append(Book(str(source), register, contacts))
    yield from _letters(manifest.out.resolve(), folder, entry, register, source, contacts)


def _same(grid: Grid, entry: Mapping[str, Any], policies: Path | None) -> bool:
    """The bytes that the run read, or others that say the same: saved once more, with a result sheet of ours in it."""
    if grid.sha256 == entry["sha256"]:
        return True
    return bool(entry.get("content")) and fingerprint(grid, store(policies)) == entry["content"]


def _letters(
    out: Path, folder: str, entry: Mapping[str, Any], register: Register, source: Path, contacts: Contacts
) -> Iterator[Addressed | Issue]:
    notice = str(entry["summary"].get("notice", ""))
    finals = [one for one in (LetterRecord(*row) for row in entry["letters"]) if one.state == "final"]
    kinds = {k.label: k for k in register.pack.letters.kinds}
    yield from unmailed(finals, kinds, source.name, contacts)
    for one in finals:
        kind = kinds.get(one.kind)
        elsewhere = kind is None or kind.recipient != "applicant" or bool(one.to)  # also an amendment of such a letter
        if kind is None or kind.recipient == "public" or (elsewhere and not contacts.there):
            continue
        row = register.index.get(one.applicant)
        if row is None:  # the same bytes gave this row before: another reading of them, by another program version
            yield issue("mail.run_again", Place(file=source.name), file=source.name)
            return
        name = register.names[row]
        found = contact(contacts, one, name) if elsewhere else _address(register, row, name)
        if isinstance(found, Issue):
            yield found
            continue
        address, cell = found
        yield Addressed(
            pack=register.pack.id,
            year=register.settings.year,
            applicant=one.applicant,
            name=name,
            code=register.columns["uscc"].text(row),
            kind=kind.id,
            label=one.kind,
            reader=one.to if elsewhere else "",
            unseen=elsewhere and contacts.hidden,
            out=str(out),
            source=str(source),
            letter=f"{folder}/{one.file}",
            sha256=entry["files"].get(one.file, ""),
            address=address,
            cell=cell,
            measure=_title(register.pack),
            office=register.settings.office,
            contact=str(register.settings.values.get("office_contact") or ""),
            note=notice,
            title=one.title,
            number=one.number.strip(),
            letter_key=squash(one.number or one.refers_to),
            amends=squash(one.refers_to) if kind.id in (*REPLACING, WITHDRAWAL) else "",
            refers_to=squash(one.refers_to) if kind.id in (*REPLACING, WITHDRAWAL) else "",
            withdraws=kind.id == WITHDRAWAL,
        )


def _title(pack: Pack) -> str:
    name = pack.measure.name
    return name if name.startswith("《") else f"《{name}》"


def _address(register: Register, row: int, name: str) -> tuple[str, str] | Issue:
    """The address and its cell, or why there is none."""
    column = register.columns[EMAIL]
    cell = column.cell(row) or register.columns["applicant_id"].cell(row)
    place = Place(*cell.split("!", 1)) if "!" in cell else Place(cell)
    applicant = register.ids[row]
    if not column.has(row):
        said = (i.bare for i in register.issues if str(i.place) == cell) if column.sheet_column >= 0 else iter(())
        blank = column.sheet_column < 0 or column.kinds[row] == CellKind.BLANK
        reason = "登记表没有电子邮箱一栏，或没有填写" if blank else next(said, "单元格里的内容读不出来")
        return issue("mail.no_address", place, applicant=applicant, name=name, reason=reason)
    read = read_address(column.text(row))
    if isinstance(read, NoAddress):
        return issue("mail.no_address", place, applicant=applicant, name=name, reason=read.reason)
    return read.value, cell


def check_letter(letter: Addressed, *, words: bool = True) -> Issue | None:
    """Whether the file is the one that was published, and speaks of this applicant. Without ``words``: the first only,
    for a letter whose words have been read; the same bytes say the same."""
    sheet, _, at = letter.cell.rpartition("!")
    place = Place(sheet, at)
    seen = {"applicant": letter.applicant, "name": letter.name, "file": letter.letter}
    try:
        data = (Path(letter.out) / letter.letter).read_bytes()
    except OSError:
        return issue("mail.letter_missing", place, **seen)
    if hashlib.sha256(data).hexdigest() != letter.sha256:
        return issue("mail.letter_changed", place, **seen)
    if words and (reason := _of_another(data, letter)):
        return issue("mail.wrong_letter", place, reason=reason, **seen)
    return None


def _of_another(data: bytes, letter: Addressed) -> str:
    """Why the text is not this applicant's; empty when it is."""
    try:
        lines, rest = said(data)
    except (ValueError, KeyError, SyntaxError):  # lxml's XMLSyntaxError is a SyntaxError
        return "文件读不出来"
    named, _ = letter.names.others(lines, [letter.name])
    _, others = letter.names.others([*lines, *rest], [letter.name])
    if letter.reader and not any(squash(letter.reader) in squash(line) for line in lines):
        return f"文书里没有收件单位「{letter.reader}」"
    if not named or not letter.name.strip():
        return "正文里没有这个单位的名称"
    if others:
        return f"{_ANYWHERE}有另一家单位的名称「{'」「'.join(others[:2])}」"
    codes = {code for line in (*lines, *rest) for code in _CODE.findall(line) if uscc.is_valid(code)}
    if codes - {letter.code}:
        return f"{_ANYWHERE}有另一家单位的统一社会信用代码"
    return ""


@dataclass(frozen=True)
class _Known:
    """One run's folder as it was read. ``states``: file → what told then whether it is still the same."""

    letters: Mapping[tuple[str, str, str], Sequence[tuple[Addressed, Issue | None]]]  # register, applicant, kind
    issues: tuple[Issue, ...]
    states: Mapping[str, tuple[int, int]]

    def of(self, mail: Mail) -> tuple[Addressed, Issue | None] | None:
        """The letter of a mail, and why it may not go: by its number, else by its bytes, else the only one there."""
        kin = self.letters.get((mail.source, mail.applicant, mail.kind), ())
        by_number = [one for one in kin if mail.letter_key and one[0].letter_key == mail.letter_key]
        by_bytes = [one for one in kin if one[0].sha256 == mail.letter_sha256]
        return next(iter(by_number or by_bytes or (kin if len(kin) == 1 else ())), None)


class Published:
    """What runs' folders say now of the letters in the outbox: read once, and again when a file has changed."""

    def __init__(self, policies: Path | None) -> None:
        self.policies = policies
        self._known: dict[str, _Known] = {}

    def current(self, mail: Mail) -> Addressed | Issue:
        """The letter of a mail as it stands now, or why it may not go."""
        known = self._known.get(mail.out)
        watched = (str(Path(mail.out) / MANIFEST), mail.source)
        if known is None or any(known.states.get(path) != _state(path) for path in watched):
            states = {path: _state(path) for path in watched}  # before reading: a change meanwhile is seen next time
            try:
                found = gather(Path(mail.out), self.policies)
            except MailRefused as error:
                return error.issue
            states |= {path: _state(path) for path in {letter.source for letter in found.letters} - states.keys()}
            index: dict[tuple[str, str, str], list[tuple[Addressed, Issue | None]]] = defaultdict(list)
            for one, why in (*((one, None) for one in found.letters), *found.held):
                index[one.source, one.applicant, one.kind].append((one, why))
            known = self._known[mail.out] = _Known(index, found.issues, states)
        if (there := known.of(mail)) is not None:
            letter, why = there
            return why or check_letter(letter, words=False) or letter  # gather has read its words
        about = [i for i in known.issues if i.applicant in (mail.applicant, "")]
        if about:
            return about[0]
        seen = {"id": mail.id, "name": mail.name, "reason": "结果文件夹里已经没有这份正式通知书"}
        return issue("mail.not_theirs", Place(file=mail.letter), applicant=mail.applicant, **seen)


def _state(path: str) -> tuple[int, int]:
    """Time and size; zeros for a file that is not there."""
    try:
        seen = Path(path).stat()
    except OSError:
        return 0, 0
    return seen.st_mtime_ns, seen.st_size


def mail_templates(policies: Path | None, pack: str) -> MailTemplates:
    """The wording of a pack's mails."""
    loaded = store(policies).load(pack)
    return MailTemplates({name: path.read_text(encoding="utf-8") for name, path in loaded.mail.items()})
