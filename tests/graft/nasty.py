"""Workbooks with what offices have in theirs and most libraries lose.

``CASES``: name → the workbook's bytes. Each is one that Excel would open, small enough to read.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.graft import nasty_books as books
from tests.graft import nasty_parts as parts
from tests.graft.workbook import Workbook, zipped

MACROS = frozenset({"vba_project", "old_macro_sheet"})
_BUILDERS: tuple[Callable[[], Workbook], ...] = (
    parts.form_controls,
    parts.slicers,
    parts.threaded_comments,
    parts.x14_validations,
    parts.x14_conditional_formats,
    parts.cell_images,
    parts.custom_ui,
    parts.vba_project,
    parts.external_links,
    parts.custom_xml,
    parts.pivot_caches,
    parts.chart_sheets,
    parts.pictures_and_shapes,
    parts.printer_settings_and_background,
    parts.sensitivity_label,
    parts.connections,
    books.very_hidden,
    books.dynamic_arrays,
    books.edit_ranges,
    books.sheet_protection,
    books.year_1904,
    books.many_styles,
    books.local_names,
    books.relative_targets,
    books.unusual_names,
    books.byte_order_mark,
    books.utf_16,
    books.gb18030,
    books.alternate_content,
    books.no_styles,
    books.bare_styles,
    books.no_shared_strings,
    books.prefixed,
    books.calculation_chain,
    books.old_macro_sheet,
)


def _bytes(build: Callable[[], Workbook]) -> Callable[[], bytes]:
    return lambda: zipped(build().done())


CASES = {build.__name__: _bytes(build) for build in _BUILDERS}


def file_name(case: str) -> str:
    return f"{case}.xlsm" if case in MACROS else f"{case}.xlsx"
