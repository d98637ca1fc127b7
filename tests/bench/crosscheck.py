"""crosscheck over years of registers, in a process of its own: CPU seconds for reading the workbooks and for comparing.

All applicants have one telephone number, the heaviest thing to share.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from incubxl.batch.run import calm_collector
from incubxl.batch.suspicions import Read, look, read
from incubxl.files.packs import store
from tests.bench.inputs import write_register
from tests.bench.measure import seconds

LAST = 2026


def measure(folder: Path, applicants: int, years: int, times: int) -> dict[str, float]:
    """Medians in seconds, and how much was found."""
    for n in range(years):
        write_register(folder / f"{LAST - n}.xlsx", applicants, year=LAST - n, seed=n, jump_limit=4)
    now, before = [folder / f"{LAST}.xlsx"], [folder / f"{LAST - n}.xlsx" for n in range(1, years)]

    def reading() -> Read:
        return read(now, before, store())

    books = reading()
    assert sum(book.register.size for book in books.books) == applicants * years
    found = look(books)
    assert found.suspicions
    return {
        "reading": seconds(reading, times, warm=False),
        "crosscheck": seconds(lambda: look(books), times),
        "suspicions": len(found.suspicions),
    }


def main() -> None:
    applicants, years, times = map(int, sys.argv[1:4])
    calm_collector()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder), applicants, years, times)))


if __name__ == "__main__":
    main()
