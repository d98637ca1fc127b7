"""Which mails are this letter's: the applicant by code, name or row; the letter by its number, else by its bytes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from incubxl.grid import Place
from incubxl.issues import Issue, issue
from incubxl.mail.model import Addressed, Mail
from incubxl.register.fold import squash


def same_applicant(letter: Addressed | Mail, mail: Mail) -> bool:
    """Whether a mail is this applicant's: by code; by name, or else by row of the register, where a code is lacking.

    A code that differs is a corrected one only in the same row under the same name.
    """
    name = letter.name_key == mail.name_key
    row = (letter.source, letter.applicant) == (mail.source, mail.applicant)
    if letter.code and mail.code:
        return letter.code == mail.code or (name and row)
    return name or row


def likeness(letter: Addressed, mail: Mail) -> str:
    """Why a mail under another name may be this applicant's, which has been renamed; empty where nothing says so.

    A code on both sides tells rows of two workbooks apart, but not two states of one row; one 文号 is one letter
    whatever the codes are; the other name standing in the registers too tells them apart as well. What is left is
    asked. (``sharing`` asks about addresses.)
    """
    if same_applicant(letter, mail) or mail.name in letter.names:
        return ""
    apart = letter.code and mail.code and letter.source != mail.source
    pairs = (
        ("申报编号", "" if apart else letter.applicant, mail.applicant),
        ("发文字号", "" if copied(letter, mail) else letter.letter_key, mail.letter_key),
    )
    alike = [what for what, ours, theirs in pairs if ours and ours == theirs]
    return f"{'、'.join(alike)}相同" if alike else ""


def copied(letter: Addressed | Mail, mail: Mail) -> bool:
    """Whether a mail carries the same document to another reader."""
    content = letter.letter_sha256 if isinstance(letter, Mail) else letter.sha256
    readers = [squash(one.reader) or one.name_key for one in (letter, mail)]
    return content == mail.letter_sha256 and readers[0] != readers[1]


def of_letter(letter: Addressed, mails: Iterable[Mail]) -> list[Mail]:
    """The mails of this letter among those of its applicant, kind and round, the last copy first.

    A mail and its repetitions belong together. Those of the run's other letters of this kind are not this one's; what
    no letter of the run accounts for is this letter as it was before (its number was corrected, or it had none).
    """
    chains: dict[int, list[Mail]] = {}
    root: dict[int, int] = {}
    for mail in sorted(mails, key=lambda mail: mail.id):
        root[mail.id] = root.get(mail.relates_to, mail.id) if mail.relates_to is not None else mail.id
        chains.setdefault(root[mail.id], []).append(mail)
    own = [chain for chain in chains.values() if any(m.letter_key and m.letter_key == letter.letter_key for m in chain)]
    keys = {key for key, _ in letter.siblings if key}
    prints = {sha256 for _, sha256 in letter.siblings}
    left = [
        chain
        for chain in chains.values()
        if not any(m.letter_key in keys or (not m.letter_key and m.letter_sha256 in prints) for m in chain)
    ]
    return sorted((m for chain in own or left for m in chain), key=lambda mail: -mail.copy)


def is_twin(letter: Addressed, mail: Mail) -> bool:
    """Whether a mail carries this very letter."""
    return letter.sha256 == mail.letter_sha256 or bool(letter.letter_key and letter.letter_key == mail.letter_key)


def confused(letters: Sequence[Addressed]) -> dict[Addressed, list[Addressed]]:
    """Letters of one call that would be one mail → the others of them: two rows are two applicants.

    Rows of the same name and the same code are one unit with several letters, as long as each has a number of its own.
    """
    groups: dict[tuple[str, int, str, str], list[Addressed]] = defaultdict(list)
    for letter in letters:
        for mark in {letter.name_key, letter.code} - {""}:
            groups[letter.pack, letter.year, letter.kind, mark].append(letter)
    found: dict[Addressed, list[Addressed]] = {}
    for group in groups.values():
        for one in group if len(group) > 1 else ():
            others = [other for other in group if other is not one and _one_mail(one, other)]
            known = found.setdefault(one, []) if others else []
            known += [other for other in others if other not in known]
    return found


def mixed_up(letter: Addressed, others: Sequence[Addressed]) -> Issue:
    """That a letter and ``others`` (of ``confused``) would be one mail."""
    place = Place(*letter.cell.split("!", 1)) if "!" in letter.cell else Place(file=letter.source)
    rows = dict.fromkeys(f"「{one.name}」（申报编号{one.applicant}，{one.cell}）" for one in others)
    seen = {"name": letter.name, "label": letter.label, "others": "、".join(rows)}
    return issue("mail.conflict", place, applicant=letter.applicant, **seen)


def in_outbox(letters: Iterable[Addressed], mails: Iterable[Mail]) -> dict[Addressed, Mail]:
    """Each letter's last mail: the one that carries this very letter, else that of its last round."""
    index: dict[tuple[object, ...], dict[int, Mail]] = defaultdict(dict)
    for mail in mails:
        for mark in _marks(mail):
            index[mail.pack, mail.year, mail.kind, *mark][mail.id] = mail
    found: dict[Addressed, Mail] = {}
    for letter in letters:
        near = [index.get((letter.pack, letter.year, letter.kind, *mark), {}) for mark in _marks(letter)]
        rounds: dict[int, list[Mail]] = defaultdict(list)
        for mail in {id: mail for some in near for id, mail in some.items()}.values():
            if same_applicant(letter, mail):
                rounds[mail.round].append(mail)
        last = [own[0] for _, some in sorted(rounds.items(), reverse=True) if (own := of_letter(letter, some))]
        if last:
            found[letter] = next((mail for mail in last if is_twin(letter, mail)), last[0])
    return found


def _marks(one: Addressed | Mail) -> list[tuple[str, str]]:
    """What ``same_applicant`` tells them by."""
    return [("", one.name_key), (one.source, one.applicant), *([("code", one.code)] if one.code else [])]


def _one_mail(one: Addressed, other: Addressed) -> bool:
    unit = (one.name_key, one.code) == (other.name_key, other.code)
    row = (one.source, one.applicant) == (other.source, other.applicant)
    if unit and (row or one.code):
        return one.letter_key == other.letter_key
    if one.code and other.code:
        return one.code == other.code
    return one.name_key == other.name_key


def amended_unsent(letter: Addressed) -> Issue:
    """A letter and the one that amends it must not leave together: a person decides which of them goes."""
    place = Place(*letter.cell.split("!", 1)) if "!" in letter.cell else Place(file=letter.source)
    pair = f"它是对「{letter.amends}」的{letter.label}" if letter.amends else f"登记表里另有对它的{letter.amended_by}"
    seen = {"name": letter.name, "label": letter.label, "pair": pair}
    return issue("mail.amended_unsent", place, applicant=letter.applicant, **seen)
