"""Every code of the catalogue is what one bad input gets, at its place, in words for an official."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import incubxl
from incubxl.issues import CATALOGUE
from tests.catalogue import files, mail, money, prints, procedures, registers, runs
from tests.catalogue.bad import USUAL, Bad

for _module in pkgutil.walk_packages(incubxl.__path__, "incubxl."):
    if not _module.name.endswith("__main__"):
        importlib.import_module(_module.name)
BAD: dict[str, Bad] = {
    **files.BAD,
    **registers.BAD,
    **money.BAD,
    **runs.BAD,
    **mail.BAD,
    **prints.BAD,
    **procedures.BAD,
}
_LATIN = re.compile(r"[A-Za-z][A-Za-z_.-]*")
_TESTS = Path(__file__).parents[1]
# Rooms whose bad inputs may stand in the room's own tests, since they need a mail server, an outbox or LibreOffice.
_ROOMS = {
    "mail": ("mail",),
    "print": ("batch", "cli"),
    "preflight": ("batch",),
    "numbers": ("batch",),
    "graft": ("graft",),
    "archive": ("archive",),
    "audit": ("audit", "batch", "cli"),
    "collect": ("collect",),
    "fill": ("collect",),
    "scoring": ("scoring",),
    "cluster": ("batch",),
    "crosscheck": ("crosscheck",),
    "sanction": ("procedure",),
    "years": ("years",),
    "ledger": ("funding",),
}
# Codes of other rooms whose bad input needs two runs, a lock or an open file.
_ELSEWHERE = {
    **dict.fromkeys(("input.changed", "output.busy", "output.open", "output.renamed"), "batch"),
    "retention.unreadable": "audit",
}
# What officials know by these letters, or must type as they stand.
_KNOWN = frozenset(
    (
        *("Microsoft", "Excel", "WPS", "Word", "CSV", "HTML", "XML", "OneDrive", "MB", "PDF", "ODS", "U"),
        *("xlsx", "xls", "xlsb", "et", "doc", "wps", "incubxl", "new", "run", "policy", "lint", "urumqi-intl"),
        *("resume", "jobs", "out", "as-of", "policies", "round", "previous"),
    )
)


def _tested_elsewhere(code: str) -> bool:
    """Whether a test of the code's own room asks for it by name."""
    folders = (*_ROOMS.get(code.partition(".")[0], ()), *filter(None, [_ELSEWHERE.get(code)]))
    return any(
        f'"{code}"' in path.read_text("utf-8") for folder in folders for path in _TESTS.glob(f"{folder}/test_*.py")
    )


def test_a_new_code_needs_a_bad_input() -> None:
    lacking = {code for code in CATALOGUE if code not in BAD and not _tested_elsewhere(code)}
    assert not lacking
    assert set(BAD) <= set(CATALOGUE)


@pytest.mark.parametrize("code", BAD)
def test_one_bad_input_gets_exactly_its_code_at_its_place(code: str, tmp_path: Path) -> None:
    bad = BAD[code]
    issues = list(bad.make(tmp_path))
    mine = [i for i in issues if i.code == code]
    assert [str(i.place) for i in mine[:1]] == [bad.place], [(i.code, str(i.place)) for i in issues]
    assert {i.code for i in issues} - USUAL - {code} == set(bad.also)
    for issue in mine:
        assert issue.severity == CATALOGUE[code].severity
        for text in (issue.message, issue.remedy):
            assert re.search("[\u4e00-\u9fff]", text)
            assert not re.search(r"(?<!\{)\{[a-z_]*\}(?!\})|\bNone\b|<class", text), text


@pytest.mark.parametrize("code", [code for code in BAD if code.partition(".")[0] not in _ROOMS])
def test_an_entry_is_whole_sentences_in_chinese(code: str) -> None:
    entry = CATALOGUE[code]
    assert entry.message.endswith("。")
    assert entry.remedy.endswith("。")
    assert entry.example
    assert not entry.example.endswith("。")
    for text in (entry.message, entry.remedy):
        words = set(_LATIN.findall(re.sub(r"\{[a-z_]*\}|[\w.-]+@[\w.-]+", "", text)))
        assert {word.strip("-.") for word in words} <= _KNOWN, text
