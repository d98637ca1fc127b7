"""What a run decided of one workbook, small enough to keep and to compare: verdicts, grades, amounts, letters."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from incubxl.assess.model import Assessment, LetterView
from incubxl.mask import masked
from incubxl.money import plain
from incubxl.publish.chained import canonical
from incubxl.register.model import Signed
from incubxl.verdict import BY_KEY

_STATES = {"final": "正式", "draft": "草稿", "none": "不出"}


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was. ``then`` and ``now`` are words for people; empty: there was none."""

    applicant: str
    what: str
    then: str
    now: str


def outcome(assessment: Assessment, letters: Sequence[LetterView]) -> dict[str, Any]:
    """The outcome of one workbook. Amounts in yuan as text; applicants in the register's order."""
    of: dict[str, list[list[str]]] = {}
    for letter in letters:
        of.setdefault(letter.applicant, []).append([letter.kind, letter.label, letter.state])
    return {
        "as_of": assessment.as_of.isoformat(),
        "criteria": {c.id: f"{c.clause} {c.title}" for c in assessment.pack.criteria},
        "applicants": [
            {
                "id": d.applicant,
                "eligible": d.eligible.key,
                "verdicts": {r.criterion: r.verdict.key for r in d.results},
                "grade": d.grade.grade,
                "score": None if d.grade.score is None else plain(d.grade.score),
                "funding": [
                    [x.item, x.payer, x.year, None if x.amount is None else plain(x.amount)] for x in d.funding
                ],
                "letters": of.get(d.applicant, []),
            }
            for d in assessment.determinations
        ],
        "refused": len(assessment.refused),
        "judgements": [
            [d.applicant, r.criterion, *_signed(s)]
            for d in assessment.determinations
            for r in d.results
            for s in r.judged
        ],
    }


def acts(assessment: Assessment) -> dict[str, Any]:
    """Who answered, overrode and judged, for the entry itself. Every judgement stands in the outcome. Masked."""
    register = assessment.register
    return {
        "interpretations": {
            id: {"option": a.option, "source": a.source, "signed": _signed(a.signed) if a.signed else None}
            for id, a in register.answers.items()
        },
        "overrides": [
            {
                "applicant": d.applicant,
                "criterion": r.criterion,
                "computed": r.computed.key,
                "verdict": r.override.verdict.key,
                "stale": r.override.stale,
                "signed": _signed(r.override.signed),
            }
            for d in assessment.determinations
            for r in d.results
            if r.override is not None
        ],
        "conclusions": [
            {"applicant": d.applicant, "letter": c.letter, "number": c.document_number, "signed": _signed(c.signed)}
            for d in assessment.determinations
            for c in d.conclusions
        ],
        "judgements": dict(Counter(s.name for d in assessment.determinations for r in d.results for s in r.judged)),
    }


def packed(found: Mapping[str, Any]) -> bytes:
    """An outcome as it is kept; the same outcome gives the same bytes."""
    return zlib.compress(canonical(found), 1)


def unpacked(data: bytes) -> dict[str, Any]:
    """The outcome again. Raises ValueError for anything else."""
    try:
        found = json.loads(zlib.decompress(data))
    except zlib.error as error:
        raise ValueError("not an outcome") from error
    if not isinstance(found, dict):
        raise ValueError("not an outcome")
    return found


def differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    """Everything in which ``now`` is not what ``then`` was."""
    if then["as_of"] != now["as_of"]:
        yield Difference("", "基准日", then["as_of"], now["as_of"])
    if then["refused"] != now["refused"]:
        yield Difference("", "拒收的行数", str(then["refused"]), str(now["refused"]))
    titles = {**now["criteria"], **then["criteria"]}
    old, new = ({(a["id"], n): a for a, n in _numbered(x["applicants"])} for x in (then, now))
    for key in dict.fromkeys((*old, *new)):
        if key not in new or key not in old:
            yield Difference(key[0], "申报单位", "在册" if key in old else "", "在册" if key in new else "")
            continue
        yield from _applicant(key[0], old[key], new[key], titles)
    if then["judgements"] != now["judgements"]:
        yield Difference("", "人工判断", f"{len(then['judgements'])} 项", f"{len(now['judgements'])} 项，内容不同")


def _numbered(applicants: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], int]]:
    seen: Counter[str] = Counter()
    for one in applicants:
        seen[one["id"]] += 1
        yield one, seen[one["id"]]


def _applicant(
    id: str, then: Mapping[str, Any], now: Mapping[str, Any], titles: Mapping[str, str]
) -> Iterator[Difference]:
    old, new = (values(side, titles) for side in (then, now))
    for key in dict.fromkeys((*old, *new)):
        a, b = old.get(key, ""), new.get(key, "")
        if a != b:
            yield Difference(id, key[0], a, b)


def values(one: Mapping[str, Any], titles: Mapping[str, str]) -> dict[tuple[str, int], str]:
    """Everything decided for one applicant of an outcome: what, and the how manieth of its kind, → in words.

    ``titles``: the words of criteria by id.
    """
    found: dict[tuple[str, int], str] = {
        ("是否符合", 1): BY_KEY[one["eligible"]].word,
        ("等级", 1): one["grade"] or "",
        ("总分", 1): one["score"] or "",
    }
    for criterion, verdict in one["verdicts"].items():
        found[f"条件 {titles.get(criterion, criterion)}", 1] = BY_KEY[verdict].word
    for what, field, key, words in (("经费", "funding", 3, _amount), ("通知书", "letters", 1, _letter)):
        for name, said in _keyed(one[field], key, words).items():
            shown = "、".join(str(part) for part in name[:-1] if part is not None)
            found[f"{what} {shown}", name[-1]] = said
    return found


def _keyed(
    rows: Sequence[Sequence[Any]], key: int, words: Callable[[Sequence[Any]], str]
) -> dict[tuple[Any, ...], str]:
    """Rows by their first columns and how many of the kind came before."""
    seen: Counter[tuple[Any, ...]] = Counter()
    found = {}
    for row in rows:
        name = tuple(row[:key])
        seen[name] += 1
        found[*name, seen[name]] = words(row)
    return found


def _amount(line: Sequence[Any]) -> str:
    return f"{line[3]} 元" if line[3] is not None else "未定"


def _letter(letter: Sequence[str]) -> str:
    return f"{letter[1]}：{_STATES.get(letter[2], letter[2])}"


def _signed(person: Signed) -> list[str | None]:
    """Name, date, reason, cell."""
    return [masked(person.name), person.on.isoformat() if person.on else None, masked(person.reason), person.cell]
