"""Who turned over between two runs, and which causes did it, found by swapping one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from incubxl.compare.own import changed_facts
from incubxl.compare.sides import RunSide, Side
from incubxl.compare.swap import CAUSES, Cause, Item, Pair, Values

PROGRAM, UNKNOWN = "程序", "说不清"


@dataclass(frozen=True, slots=True)
class Flip:
    """One thing that is not the same. ``causes``: the smallest sets of causes each of which turns it over by itself.

    ``why`` in words; ``alone``: what it would be with one cause swapped (only where one alone is not the answer).
    """

    workbook: str
    applicant: str
    name: str
    what: str
    then: str
    now: str
    causes: tuple[tuple[Cause, ...], ...]
    why: str
    alone: str = ""
    facts: str = ""  # of the applicant's own data, what changed


@dataclass(frozen=True)
class Compared:
    """``pairs``: workbooks compared, with the causes that differ. ``unpaired``: (run, workbook) of one run only.

    ``notes``: what could not be computed, and why.
    """

    first: RunSide
    second: RunSide
    pairs: tuple[Pair, ...]
    flips: tuple[Flip, ...]
    unpaired: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def compare(first: RunSide, second: RunSide) -> Compared:
    """Every workbook that both runs have: the folder of results is the same, else the only one left of its measure."""
    couples, alone = _couples(first, second)
    pairs: list[Pair] = []
    flips: list[Flip] = []
    notes: list[str] = []
    for one, two in couples:
        lost = [f"{s.shown}：{s.why}" for s in (one, two) if s.why]
        notes += lost
        if one.outcome is None or two.outcome is None:
            continue
        pair = Pair(one, two)
        pairs.append(pair)
        flips += _flips(pair, same_program=first.program == second.program)
    if first.program != second.program:
        notes.append(
            f"程序版本不同：{first.program}、{second.program}；下面都用现在这个程序重算，算不回当时结果的写「程序」"
        )
    return Compared(first, second, tuple(pairs), tuple(flips), tuple(alone), tuple(notes))


def _couples(first: RunSide, second: RunSide) -> tuple[list[tuple[Side, Side]], list[tuple[str, str]]]:
    one, two = dict(first.workbooks), dict(second.workbooks)
    same = [f for f in one if f in two and one[f].pack == two[f].pack]
    found = [(one.pop(f), two.pop(f)) for f in same]
    for folder, side in list(one.items()):
        mine = [s for s in one.values() if s.pack == side.pack]
        theirs = [s for s in two.values() if s.pack == side.pack]
        if len(mine) == len(theirs) == 1:
            found.append((one.pop(folder), two.pop(theirs[0].folder)))
    alone = [(first.run, s.shown) for s in one.values()] + [(second.run, s.shown) for s in two.values()]
    return found, alone


def _flips(pair: Pair, *, same_program: bool) -> Iterator[Flip]:
    then, now = pair.recorded(pair.first), pair.recorded(pair.second)
    turned = [item for item in dict.fromkeys((*then, *now)) if then.get(item, "") != now.get(item, "")]
    gone = {item[:2] for item in turned if item[2] == "申报单位"}
    turned = [item for item in turned if item[2] == "申报单位" or item[:2] not in gone]
    if not turned:
        return
    every = frozenset(pair.differing)
    start, end = (pair.computed(swapped) if pair.computable else None for swapped in (frozenset[Cause](), every))
    names = _names(pair, every)
    for item in turned:
        said = _said(pair, item, start, end, then, now, same_program=same_program)
        causes, why, alone = said
        facts = ""
        if any("data" in found for found in causes) and item[2] != "申报单位":
            facts = changed_facts(pair, item, every)
        who, what, a, b = item[0], _what(pair, item[2]), then.get(item, ""), now.get(item, "")
        yield Flip(pair.second.shown, who, names.get(who, ""), what, a, b, causes, why, alone, facts)


def _said(
    pair: Pair, item: Item, start: Values | None, end: Values | None, then: Values, now: Values, *, same_program: bool
) -> tuple[tuple[tuple[Cause, ...], ...], str, str]:
    """The causes of one thing, in words, and what each alone would give."""
    if start is None or end is None:
        return (), f"{UNKNOWN}：至少一次运行的输入或办法数据没有留存，不能重算", ""
    a, b = start.get(item, ""), end.get(item, "")
    drift = ""
    if (a, b) != (then.get(item, ""), now.get(item, "")):
        what = "与程序版本有关" if not same_program else "当时的运行里有没有留存的因素"
        drift = f"；现在重算是「{a or '无'}」→「{b or '无'}」，与当时不同，{what}"
    if a == b:
        return (), f"{PROGRAM}：用两次的输入和办法重算，结果相同{drift}", ""
    sets = _smallest(pair, item, b)
    if not sets:
        return (), f"{UNKNOWN}：几项原因不能分开重算{drift}", ""
    words = [" 与 ".join(CAUSES[c] for c in found) for found in sets]
    if len(sets[0]) > 1:
        why = f"{'；或 '.join(words)} 共同所致，单独换任何一项都不会变成现在的结果"
        return sets, why + drift, _alone(pair, item, a)
    if len(sets) > 1:
        return sets, f"{' 或 '.join(words)}，各自都足以变成现在的结果{drift}", ""
    if len(pair.differing) == 1:
        return sets, f"{words[0]}（两次运行只有这一项不同）{drift}", ""
    rest = pair.computed(frozenset(pair.differing) - set(sets[0]))
    kept = rest is not None and rest.get(item, "") == a
    also = "" if kept else f"；只换其余各项，结果是「{rest.get(item, '') or '无' if rest else '不能计算'}」"
    return sets, f"{words[0]}（单独换这一项就变成现在的结果{also}）{drift}", "" if kept else _alone(pair, item, a)


def _smallest(pair: Pair, item: Item, wanted: str) -> tuple[tuple[Cause, ...], ...]:
    """All sets of the smallest size that give ``wanted``."""
    for size in range(1, len(pair.differing) + 1):
        found = []
        for causes in combinations(pair.differing, size):
            values = pair.computed(causes)
            if values is not None and values.get(item, "") == wanted:
                found.append(causes)
        if found:
            return tuple(found)
    return ()


def _alone(pair: Pair, item: Item, start: str) -> str:
    """``只换数据：符合；只换参数：不符合``."""
    parts = []
    for cause in pair.differing:
        values = pair.computed((cause,))
        said = "不能计算" if values is None else values.get(item, "") or "无"
        parts.append(f"只换{CAUSES[cause]}：{said}{'（不变）' if said == (start or '无') else ''}")
    return "；".join(parts)


def _what(pair: Pair, what: str) -> str:
    """``经费 rent、city`` with the name of the item."""
    head, _, rest = what.partition(" ")
    id, mark, more = rest.partition("、")
    return f"{head} {pair.labels.get(id, id)}{mark}{more}" if head == "经费" else what


def _names(pair: Pair, every: frozenset[Cause]) -> dict[str, str]:
    found: dict[str, str] = {}
    for swapped in (every, frozenset[Cause]()):
        register = pair.register(swapped) if pair.computable else None
        if register is not None:
            found = {**dict(zip(register.ids, register.names, strict=True)), **found}
    return found


def kinds(flips: Sequence[Flip]) -> dict[str, int]:
    """How many applicants turned over in what: verdict, grade, money."""
    groups = {"结论": ("是否符合",), "等级": ("等级",), "经费": ("经费 ",), "在册": ("申报单位",)}
    return {
        word: len({(f.workbook, f.applicant) for f in flips if f.what.startswith(starts)})
        for word, starts in groups.items()
    }
