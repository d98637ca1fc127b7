"""What one returned workbook says, wherever its cells have gone: by its hidden marks, else by the words beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from incubxl.collect import marks
from incubxl.collect.find import Block, Line, find_cards, find_rows, names_of, page
from incubxl.collect.model import LABELS, Given, GivenOut, GivenRow, Gone, Returned
from incubxl.collect.shape import WHO, Asked, Card, Rowed, Shape
from incubxl.collect.values import UNREAD, shown, text_of
from incubxl.grid import CellKind, Grid, Place, Sheet, address
from incubxl.issues import issue
from incubxl.issues import register as define
from incubxl.register.fold import squash
from incubxl.register.headers import heading
from incubxl.register.numbers import unit_scale
from incubxl.register.parse import read_cell
from incubxl.register.reading import ONE, Context, seen

define(
    "collect.locked", "warning",
    "锁定的「{label}」被改了：发出时是「{old}」，退回时是「{new}」。",
    "锁定的内容不合并；请核对是不是改错了，确需更正的请在登记表里改。",
    "去掉保护以后改了单位名称",
)  # fmt: skip
define(
    "collect.unreadable", "error",
    "「{label}」填的「{seen}」读不出来{why}。",
    "没有合并；请与填报单位核实，改正后再收一次，或直接填在登记表里。",
    "人数填了「约30人」",
)  # fmt: skip
define(
    "collect.read_as", "info",
    "「{label}」：{how}。",
    "请核对单位和写法。",
    "万元的栏目填了「300000元」",
)  # fmt: skip
define(
    "collect.unit", "warning",
    "「{label}」的表头改成了「{seen}」，按{unit}换算。",
    "请核对填报单位是不是按{unit}填的。",
    "表头改成了「总收入（元）」",
)  # fmt: skip
define(
    "collect.part_missing", "error",
    "退回表里找不到「{part}」。",
    "请看退回表是不是删了这一块；没有找到的内容不合并。",
    "填报单位删掉了一张工作表",
)  # fmt: skip
define(
    "collect.twice", "warning",
    "「{label}」在退回表里有两处，内容不同：「{first}」「{second}」。",
    "没有合并；请与填报单位核实。",
    "复制了一行，两行填得不一样",
)  # fmt: skip
define(
    "collect.row_differs", "error",
    "「{part}」有一行的隐藏标识是「{key}」，看得见的「{label}」却是「{seen}」，这一行没有合并，都列在「冲突」里。",
    "多半是排序或粘贴时隐藏的A列没有跟着动；请与填报单位核实每个值是哪个单位的。",
    "去掉保护后只把看得见的各栏排了序",
)  # fmt: skip
define(
    "collect.column_differs", "error",
    "「{label}」的表头写的是「{seen}」，不知道填的是哪一栏，没有合并，都列在「冲突」里。",
    "请与填报单位核实这一栏填的是什么。",
    "两栏的表头对调了",
)  # fmt: skip
define(
    "collect.unit_twice", "warning",
    "「{part}」里{key}不止一行，后一行没有合并，与登记表不同的都列在「冲突」里。",
    "请与填报单位核实以哪一行为准。",
    "推荐单位复制了一个单位的整行",
)  # fmt: skip
define(
    "collect.id_twice", "info",
    "「{part}」有两行带着同一个行标识，后一行按新增的行处理。",
    "复制整行时会这样；请核对后一行是不是新的内容。",
    "复制了一行再改内容",
)  # fmt: skip


class Reader:
    """Reads one workbook by one shape."""

    def __init__(self, grid: Grid, shape: Shape, given: GivenOut, into: Returned) -> None:
        self.grid, self.shape, self.given, self.into = grid, shape, given, into
        self.pages = [page(s) for s in grid.sheets.values() if s.height and s.rows[0][:1] != [marks.FIRST]]

    def read(self) -> None:
        """Fill ``into``."""
        for card in self.shape.cards:
            self._card(card)
        for part in self.shape.rowed:
            self._rows(part)

    def _card(self, card: Card) -> None:
        found = find_cards(self.pages, card, self.shape)
        for one in card.asked:
            lines = found.get(one.field.id, [])
            if not lines:
                self._say("collect.part_missing", Place(file=self.into.name), part=one.label)
                continue
            doubt = self._labels(card.id, one, lines[0], card.asked)
            values = [self._value(card.id, "", one, line) for line in lines]
            different = [v for v in values[1:] if v.text != values[0].text]
            if different:
                told = {"first": shown(one.field, values[0].text), "second": shown(one.field, different[0].text)}
                self._say("collect.twice", self._place(values[0]), label=one.label, **told)
                continue
            if not self._locked(card.id, "", one, values[0]):
                self.into.cards[one.field.id] = replace(values[0], doubt=doubt) if doubt else values[0]

    def _rows(self, part: Rowed) -> None:
        block = find_rows(self.pages, part, self.shape)
        if block is None:
            self._say("collect.part_missing", Place(file=self.into.name), part=part.title)
            if not part.table:
                self._gone(part, self._expected(part))
            return
        doubts = {
            a.field.id: self._labels(part.id, a, block.titles[a.field.id], part.asked)
            for a in part.asked if a.field.id in block.titles
        }  # fmt: skip
        expected = self._expected(part)
        read = [(key, self._row(part, key, block, row, doubts)) for key, row in block.rows]
        there: set[str] = set()
        for key, row in self._once(part, read):
            filled = any(g.text or g.unread for g in row.values.values())
            if key in expected:
                there.add(key)
                self.into.rows.append(row)
            elif filled or any(row.who.values()):
                self.into.rows.append(replace(row, key="", copied=bool(row.key) and not key))
        self._gone(part, expected - there)

    def _gone(self, part: Rowed, keys: set[str]) -> None:
        for key in sorted(keys, key=_order):
            texts = {a.field.id: self.given.get((part.id, key, a.field.id), ("", ""))[1] for a in part.asked}
            self.into.gone.append(Gone(part.id, texts))

    def _expected(self, part: Rowed) -> set[str]:
        """The keys of the rows that had been given out with something in them."""
        asked = {a.field.id for a in part.asked}
        return {key for (p, key, id), (_, text) in self.given.items()
                if p == part.id and key != LABELS and text and id in asked}  # fmt: skip

    def _once(self, part: Rowed, read: list[tuple[str, GivenRow]]) -> Iterator[tuple[str, GivenRow]]:
        """Every key once, at the row that is as it was given out; a copy is a new row."""
        by_key: dict[str, list[int]] = {}
        for n, (key, _) in enumerate(read):
            if key:
                by_key.setdefault(key, []).append(n)
        keeps = {}
        for key, places in by_key.items():
            same = [n for n in places if all(g.text == g.before for g in read[n][1].values.values())]
            keeps[key] = (same or places)[0]
            if len(places) > 1 and any(g.text for n in places[1:] for g in read[n][1].values.values()):
                code = "collect.id_twice" if part.table else "collect.unit_twice"
                self._say(code, read[places[1]][1].place, part=part.title, key=key)
        for n, (key, row) in enumerate(read):
            yield (key if keeps.get(key) == n else ""), row

    def _row(self, part: Rowed, key: str, block: Block, row: int, doubts: dict[str, str]) -> GivenRow:
        read = {}
        for one in part.asked:
            at = block.columns.get(one.field.id, -1)
            title = block.titles.get(one.field.id)
            line = Line(block.sheet, row, at, title.label if title else -1, title.label_row if title else row)
            read[one.field.id] = self._value(part.id, key, one, line)
        differs = self._differs(part, key, block, read)
        values = {}
        for one in part.asked:
            id = one.field.id
            locked = self._is_locked(part.id, key, one) if differs else self._locked(part.id, key, one, read[id])
            if not locked:
                doubt = differs or doubts.get(id, "")
                values[id] = replace(read[id], doubt=doubt) if doubt else read[id]
        who = {} if part.table else {id: read[id].text for id in WHO if id in read}
        return GivenRow(part.id, key, values, Place(block.sheet.name, f"{row + 1}:{row + 1}", self.into.name), who)

    def _differs(self, part: Rowed, key: str, block: Block, read: dict[str, Given]) -> str:
        """How a register row says to be another than its mark does; told. Empty where they agree."""
        if part.table or not key:
            return ""
        for one in part.asked:
            id = one.field.id
            kind, before = self.given.get((part.id, key, id), ("", ""))
            if id in WHO and kind == marks.GIVEN and id in block.columns and squash(read[id].text) != squash(before):
                seen, place = read[id].text or "（空）", self._place(read[id])
                self._say("collect.row_differs", place, part=part.title, key=key, label=one.label, seen=seen)
                return f"行标识是{key}，看得见的{one.label}是「{seen}」（{place.cell}）"
        return ""

    def _value(self, part: str, key: str, one: Asked, line: Line) -> Given:
        """One cell, typed; what cannot be read is told."""
        entry = self.given.get((part, key, one.field.id))
        before = entry[1] if entry else None
        place = Place(line.sheet.name, address(line.row, max(line.value, 0)), self.into.name)
        raw = line.sheet.rows[line.row][line.value] if 0 <= line.value < line.sheet.width else None
        if (line.row, line.value) in line.sheet.special:
            kind, text = line.sheet.special[line.row, line.value]
            self._say("collect.unreadable", place, label=one.label, seen=text, why=f"（{_KINDS[kind]}）")
            return Given(one.field.id, "", True, place.sheet, place.cell, before)
        reading = read_cell(raw, one.field, Context(self.grid.date_1904, self._factor(one, line)))
        if reading.kind in UNREAD:
            why = f"（{reading.why}）" if reading.why else ""
            self._say("collect.unreadable", place, label=one.label, seen=seen(raw), why=why)
            return Given(one.field.id, "", True, place.sheet, place.cell, before)
        if reading.shown and reading.shown != before:
            self._say("collect.read_as", place, label=one.label, how=reading.shown)
        return Given(
            one.field.id, text_of(one.field, reading.kind, reading.value), False, place.sheet, place.cell, before
        )  # fmt: skip

    def _factor(self, one: Asked, line: Line) -> Decimal:
        """What a bare number is multiplied by: the words beside it may have come to name another unit."""
        text = _text(line.sheet, line.label_row, line.label)
        unit = _unit(text)
        if not one.field.unit or not unit or heading(text) == heading(one.label):
            return ONE
        scale = unit_scale(unit, one.field)
        return ONE if scale is None else scale

    def _labels(self, part: str, one: Asked, line: Line, among: tuple[Asked, ...]) -> str:
        """Words that were changed: told, as a unit where they name one; gives why the values are in doubt, or ""."""
        text = _text(line.sheet, line.label_row, line.label)
        once = self.given.get((part, LABELS, one.field.id), ("", one.label))[1]  # an older form may say it otherwise
        if line.label < 0 or not text or heading(text) in (heading(one.label), heading(once)):
            return ""
        place = Place(line.sheet.name, address(line.label_row, line.label), self.into.name)
        if _named_otherwise(text, one, among):
            self._say("collect.column_differs", place, label=one.label, seen=text)
            return f"标识是「{one.label}」，表头写的是「{text}」（{place.cell}），不知道填的是哪一栏"
        if self._factor(one, line) != ONE:
            self._say("collect.unit", place, label=one.label, seen=text, unit=_unit(text))
        elif (part, LABELS, one.field.id) in self.given:
            self._say("collect.locked", place, label="表头", old=one.label, new=text)
        return ""

    def _is_locked(self, part: str, key: str, one: Asked) -> bool:
        """Whether the cell had been locked, or is the office's."""
        kind, _ = self.given.get((part, key, one.field.id), ("", ""))
        return one.kept or kind == marks.GIVEN or (not kind and one.given)

    def _locked(self, part: str, key: str, one: Asked, value: Given) -> bool:
        """The same; that somebody changed it is told."""
        if not self._is_locked(part, key, one):
            return False
        kind, before = self.given.get((part, key, one.field.id), ("", ""))
        if (kind or one.kept) and value.text != before:
            told = {"old": shown(one.field, before) or "（空）", "new": shown(one.field, value.text) or "（空）"}
            self._say("collect.locked", self._place(value), label=one.label, **told)
        return True

    def _place(self, value: Given) -> Place:
        return Place(value.sheet, value.cell, self.into.name)

    def _say(self, code: str, place: Place, **told: str) -> None:
        self.into.issues.append(issue(code, place, **told))


_KINDS = {CellKind.ERROR: "错误值", CellKind.UNCACHED: "公式没有算过"}


def _order(key: str) -> tuple[int, str]:
    return (len(key), key)


def _text(sheet: Sheet, row: int, column: int) -> str:
    value = sheet.rows[row][column] if 0 <= column < sheet.width else None
    return value.strip() if isinstance(value, str) else ""


def _unit(text: str) -> str:
    """The unit in the brackets at the end of a header."""
    inside = text.replace("（", "(").replace("）", ")").strip()
    if not inside.endswith(")"):
        return ""
    return inside[inside.rfind("(") + 1 : -1].removeprefix("单位").lstrip(":：").strip()


def _named_otherwise(text: str, one: Asked, among: tuple[Asked, ...]) -> bool:
    """Whether words name something else: not the label (with any unit or remark in brackets), nor an alias.

    What another value is asked by is never this one, though only its bracket be different.
    """
    if heading(text) in {heading(a.label) for a in among if a is not one}:
        return True
    return not {heading(text), heading(_without(text))} & {*names_of(one, among), heading(_without(one.label))}


def _without(text: str) -> str:
    """Without the brackets at the end."""
    folded = text.replace("（", "(").replace("）", ")").strip()
    return folded[: folded.rfind("(")] if folded.endswith(")") and "(" in folded else folded
