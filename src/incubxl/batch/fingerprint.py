"""Whether two readings of a workbook can differ in anything that an assessment reads."""

from __future__ import annotations

import hashlib

from incubxl.files.packs import PackStore
from incubxl.grid import Grid
from incubxl.register.fold import squash
from incubxl.register.settings import peek_pack
from incubxl.register.sheets import REGISTER, SETTINGS


def fingerprint(grid: Grid, known: PackStore) -> str:
    """Changes with any value that an assessment may read; a =NOW() on some other sheet of the user's does not count."""
    id, _ = peek_pack(grid)
    loaded = known.load(id).pack if id in known.ids else None
    used = {SETTINGS, *REGISTER}
    if loaded is not None:
        used |= {name for table in loaded.tables for name in (table.sheet, *table.aliases)}
    folded = {squash(name) for name in used}
    made = hashlib.sha256()
    for name, sheet in grid.sheets.items():
        if loaded is not None and squash(name) not in folded:
            continue
        made.update(repr((name, sheet.rows, sorted(sheet.special.items()))).encode("utf-8", "surrogatepass"))
    return made.hexdigest()
