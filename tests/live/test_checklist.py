"""The checklist for people with a real Excel names every button, and fits into half an hour."""

from __future__ import annotations

import re

from tests.conftest import ROOT
from tests.live.record import buttons

TEXT = (ROOT / "docs" / "excel-checklist.md").read_text(encoding="utf-8")
STEP = re.compile(r"^\| (W?\d+) \| (.+) \| (.+) \| ([\d.]+) \| ☐ \|$", re.MULTILINE)


def test_every_button_is_tried() -> None:
    tried = " ".join(did for number, did, seen, _ in STEP.findall(TEXT) for did in (did, seen))
    assert [id for id in buttons() if f"`{id}`" not in tried] == []


def test_steps_are_numbered_without_a_gap_and_take_half_an_hour() -> None:
    steps = STEP.findall(TEXT)
    excel = [(int(number), float(minutes)) for number, _, _, minutes in steps if not number.startswith("W")]
    assert [number for number, _ in excel] == list(range(1, len(excel) + 1))
    assert 25 <= sum(minutes for _, minutes in excel) <= 30
    assert len([line for line in TEXT.splitlines() if line.endswith("| ☐ |")]) == len(steps)


def test_headings_say_the_minutes_of_their_steps() -> None:
    sections = re.findall(r"^## ([^\n]+?)（(?:[^\n]*，)?([\d.]+) 分钟）$(.*?)(?=^## |\Z)", TEXT, re.M | re.S)
    assert len(sections) == 5
    told = {heading: sum(float(step[3]) for step in STEP.findall(body)) for heading, _, body in sections}
    assert told == {heading: float(minutes) for heading, minutes, _ in sections}
