"""Workbooks of lying references, sizes and counts, broken at random places: the reader answers, the process lives on.

calamine ends the whole process where an allocation fails, so that this runs in a child with little memory.
"""

from __future__ import annotations

import random
import subprocess
import sys

import pytest
from tests.files.raw_workbook import parts, zipped

from incubxl.files.read import read_bytes

BOOKS = 800
_REFERENCES = (
    *("A1", "B2", "ZZ0000000001048576", "ZZ1048576", "ZZ99999", "XFD1", "A0", "", "$A$1", "AAAAAAAAAA1", "A-1", "a1"),
    *("A18446744073709551616", "ZZ001048576", " ZZ1048576", "ZZ+1048576", "&#65;1", "Z&#90;1048576", "A1:ZZ1048576"),
)
_VALUES = ("1", "", "999999999999", "-1", "1e400", "nan", "#N/A", "x", "4294967295", "2026-01-01", "0.5", "_xD800_")
_TYPES = ("", "s", "str", "b", "e", "n", "d", "inlineStr", "zz")
_ROWS = (1, 2, 99_999, 1_048_576, 0, "00000000000001048576", 2**32, 2**64)
_COUNTS = ("", 'count="4294967295" uniqueCount="4294967295" ', "uniqueCount = '99999999999' ")
_DIMENSIONS = ("", *(f'<dimension ref="{ref}"/>' for ref in ("A1:XFD1048576", "B9:A1", "", "A1:B2:C3")))
_JUNK = ("", "<", ">", '"', "&", "\x01", "0" * 20, '<c r="ZZ1048576"><v>1</v></c>', "<!--", "<![CDATA[")


def _cell(chance: random.Random) -> str:
    attributes = f' r="{chance.choice(_REFERENCES)}"' if chance.random() < 0.9 else ""
    attributes += f' t="{kind}"' if (kind := chance.choice(_TYPES)) else ""
    attributes += f' s="{chance.choice([0, 1, 99, -1, 2**64])}"' if chance.random() < 0.5 else ""
    value = chance.choice(_VALUES)
    content = (
        f"<v>{value}</v>",
        f"<f>A1</f><v>{value}</v>",
        f'<f t="shared" si="4294967295" ref="A1:ZZ1048576">A1</f><v>{value}</v>',
        "<is><t>x</t></is>",
        "<f>1</f>",
        "",
    )
    return f"<c{attributes}>{chance.choice(content)}</c>"


def book(chance: random.Random) -> bytes:
    """A workbook as nobody makes it."""
    rows = "".join(
        f'<row r="{chance.choice(_ROWS)}">{"".join(_cell(chance) for _ in range(chance.randint(0, 3)))}</row>'
        for _ in range(chance.randint(0, 4))
    )
    entries = parts(
        rows, chance.choice(["", "<si><t>x</t></si>", "<si/>"]), formats=("14", "46")[: chance.randint(0, 2)]
    )
    texts, sheet = "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"
    entries[texts] = entries[texts].replace("<sst ", f"<sst {chance.choice(_COUNTS)}")
    entries[sheet] = entries[sheet].replace("<sheetData>", f"{chance.choice(_DIMENSIONS)}<sheetData>")
    if chance.random() < 0.3:
        part = chance.choice(list(entries))
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(entries[part]) + 1)
            entries[part] = entries[part][:at] + chance.choice(_JUNK) + entries[part][at + chance.randint(0, 20) :]
    return zipped(entries)


def main() -> None:
    """Read ``BOOKS`` of them with 1.5 GB."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (3 << 29, 3 << 29))
    for n in range(BOOKS):
        print(n, flush=True)
        grid, issues = read_bytes(book(random.Random(n)), "登记.xlsx")
        if grid is None and not issues:
            raise ValueError(f"book {n}: neither a grid nor an issue")


def test_no_book_ends_the_process() -> None:
    if sys.platform == "win32":
        pytest.skip("no memory limit on Windows")
    command = [sys.executable, "-m", "tests.files.test_never_aborts"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"book {done.stdout.split()[-1]}: {done.stderr[-600:]}"
    assert done.stdout.split()[-1] == str(BOOKS - 1)


if __name__ == "__main__":
    main()
