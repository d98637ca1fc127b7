"""Sheet plans to the bytes of an .xlsx. The one writer of result workbooks: values only, never a formula.

The skeleton (see ``files.write_skeleton``) is shared by all workbooks of one layout; here rows, links, chart numbers
and document properties go in. Same plans and properties, same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from incubxl.files.write_rows import Strings, number, sheet_rows
from incubxl.files.write_skeleton import ALT, CREATED, LAST_ROW, TITLE, layout_of, skeleton
from incubxl.files.write_text import clean, escape, shared_strings
from incubxl.grid import address, column_letters
from incubxl.plan import MOST_LINKS, SheetPlan, Value

_ROWS = re.compile(r"<sheetData>.*</sheetData>", re.DOTALL)
_DIMENSION = re.compile(r'<dimension ref="[^"]*"/>')
_AFTER_LINKS = re.compile(r"<printOptions|<pageMargins")
_CACHE = re.compile(r"(<c:f>[^<]*!)([^<]*)(</c:f>)<c:(str|num)Cache>.*?</c:\4Cache>", re.DOTALL)
_AREA = re.compile(r"\$([A-Z]+)\$(\d+)")
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_LINK_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_FIRST = ("[Content_Types].xml", "_rels/.rels")  # programs that look at a file's beginning expect them there
_UNSAFE_IN_URL = re.compile(r'[\s%"<>\[\]`^{}#?]')


@dataclass(frozen=True, slots=True)
class Properties:
    """Document properties: the title and the time that the result bears."""

    title: str
    created: dt.datetime


def render(plans: Sequence[SheetPlan], *, properties: Properties) -> bytes:
    """The workbook of these sheets. Raises ValueError for a number that no cell or rows that no sheet can hold."""
    base = skeleton(tuple(layout_of(plan) for plan in plans))
    parts = dict(base.parts)
    strings = Strings()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in _FIRST:
            _put(archive, name, parts.pop(name))
        for n, (plan, name) in enumerate(zip(plans, base.sheets, strict=True), 1):
            links, targets = _links(plan)
            head, tail = _around(plan, parts.pop(name).decode(), links)
            with archive.open(name, "w") as part:  # opened by name, a part bears no time
                part.write(head.encode())
                for rows in sheet_rows(plan, base.styles, strings):
                    part.write(rows.encode())
                part.write(tail.encode())
            if targets:
                _relate(parts, f"xl/worksheets/_rels/sheet{n}.xml.rels", targets)
        parts["xl/workbook.xml"] = _filters(parts["xl/workbook.xml"].decode(), plans).encode()
        parts["xl/sharedStrings.xml"] = shared_strings(list(strings)).encode()
        parts["docProps/core.xml"] = _core(parts["docProps/core.xml"].decode(), properties).encode()
        _charts(plans, parts)
        for name, data in parts.items():
            _put(archive, name, data)
    return buffer.getvalue()


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    with archive.open(name, "w") as part:
        part.write(data)


def _core(core: str, properties: Properties) -> str:
    core = core.replace(TITLE, escape(clean(properties.title)))
    return core.replace(f"{CREATED:%Y-%m-%dT%H:%M:%S}", _stamp(properties.created))


def _stamp(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC) if at.tzinfo else at:%Y-%m-%dT%H:%M:%S}"


def _last_row(plan: SheetPlan) -> int:
    """1-based last row of the main block."""
    return plan.first_row(plan.main) + plan.blocks[plan.main].height


def _around(plan: SheetPlan, xml: str, links: str) -> tuple[str, str]:
    """The sheet's XML before and after its rows."""
    height = plan.first_row(len(plan.blocks) - 1) + plan.blocks[-1].height
    if height > LAST_ROW + 1:
        raise ValueError(f"「{plan.name}」有{height}行，超过一张工作表能容纳的{LAST_ROW + 1}行")
    start, end = _span(_ROWS, xml)
    head = _DIMENSION.sub(f'<dimension ref="A1:{address(height - 1, len(plan.widths) - 1)}"/>', xml[:start])
    tail = xml[end:].replace(str(LAST_ROW + 1), str(_last_row(plan)), 1)
    if links:
        at, _ = _span(_AFTER_LINKS, tail)
        tail = f"{tail[:at]}<hyperlinks>{links}</hyperlinks>{tail[at:]}"
    return head + "<sheetData>", "</sheetData>" + tail


def _relate(parts: dict[str, bytes], name: str, targets: str) -> None:
    """Add relationships to a part that may not be there yet."""
    if name not in parts:
        declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        parts[name] = f'{declaration}\n<Relationships xmlns="{_RELS}"></Relationships>'.encode()
    parts[name] = parts[name].replace(b"</Relationships>", f"{targets}</Relationships>".encode())


def _span(pattern: re.Pattern[str], text: str) -> tuple[int, int]:
    found = pattern.search(text)
    if found is None:
        raise ValueError(f"the sheet's skeleton lacks {pattern.pattern}")
    return found.span()


def _links(plan: SheetPlan) -> tuple[str, str]:
    """The hyperlink elements, and the relationships of those that lead to other files."""
    inside, targets = [], []
    quoted: dict[str, str] = {}
    files: dict[str, str] = {}
    for n, link in enumerate(plan.links[:MOST_LINKS]):
        where = quoted.get(link.sheet)
        if where is None:
            where = quoted[link.sheet] = escape("'" + clean(link.sheet).replace("'", "''") + "'!")
        ref = f"{column_letters(link.column)}{link.row + 1}"
        location = f' location="{where}{link.cell}"' if link.sheet else ""
        if not link.file:
            inside.append(f'<hyperlink ref="{ref}"{location}/>')
            continue
        file = files.get(link.file)
        if file is None:
            file = files[link.file] = _url(link.file)
        inside.append(f'<hyperlink ref="{ref}" r:id="rIdL{n}"{location}/>')
        targets.append(f'<Relationship Id="rIdL{n}" Type="{_LINK_TYPE}" Target="{file}" TargetMode="External"/>')
    return "".join(inside), "".join(targets)


def _url(path: str) -> str:
    """A relative path as Excel writes it in a relationship: Chinese as it is, what a URL cannot hold as %XX."""
    return escape(_UNSAFE_IN_URL.sub(lambda m: f"%{ord(m[0]):02X}", clean(path.replace("\\", "/"))))


def _filters(workbook: str, plans: Sequence[SheetPlan]) -> str:
    """The filters' defined names end at each sheet's last row; XlsxWriter sorts them by sheet name."""
    for plan in plans:
        name = escape(plan.name)
        workbook = re.sub(
            rf"(<definedName name=\"_xlnm\._FilterDatabase\"[^>]*>'?{re.escape(name)}'?![^<]*\$){LAST_ROW + 1}<",
            rf"\g<1>{_last_row(plan)}<",
            workbook,
        )
    return workbook


def _charts(plans: Sequence[SheetPlan], parts: dict[str, bytes]) -> None:
    """Put the numbers that a chart shows beside its references, for viewers that do not look them up."""
    number_of = 0
    for plan in plans:
        if not plan.chart:
            continue
        number_of += 1
        chart, drawing = f"xl/charts/chart{number_of}.xml", f"xl/drawings/drawing{number_of}.xml"
        cells = _Cells(plan)
        parts[chart] = _CACHE.sub(lambda m: _cache(m, cells), parts[chart].decode()).encode()  # noqa: B023
        text = escape(clean(plan.chart.description))
        parts[drawing] = parts[drawing].decode().replace(ALT, text).encode()


class _Cells:
    """The values of a plan by sheet row and column."""

    def __init__(self, plan: SheetPlan) -> None:
        self._rows: dict[int, tuple[Value, ...]] = {}
        for n, block in enumerate(plan.blocks):
            self._rows[plan.header_row(n)] = tuple(c.label for c in block.columns)
            self._rows.update(enumerate(block.rows, plan.first_row(n)))

    def at(self, row: int, column: int) -> Value:
        return self._rows[row][column]


def _cache(found: re.Match[str], cells: _Cells) -> str:
    corners = [(int(row) - 1, _column(letters)) for letters, row in _AREA.findall(found[2])]
    (r1, c1), (r2, c2) = corners[0], corners[-1]
    values = [cells.at(r, c) for r in range(r1, r2 + 1) for c in range(c1, c2 + 1)]
    kind = found[4]
    points = "".join(
        f'<c:pt idx="{n}"><c:v>{escape(clean(v)) if isinstance(v, str) else number(v)}</c:v></c:pt>'
        for n, v in enumerate(values)
        if v is not None
    )
    code = "<c:formatCode>General</c:formatCode>" if kind == "num" else ""
    cache = f'<c:{kind}Cache>{code}<c:ptCount val="{len(values)}"/>{points}</c:{kind}Cache>'
    return found[1] + found[2] + found[3] + cache


def _column(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1
