"""The contract with Word templates: nothing that an office's template rests on goes or changes unnoticed."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any, get_args

from incubxl.letters import contract
from incubxl.letters.contract import FIELDS, REQUIRED, LetterContext
from incubxl.policy.letters import Layout

FROZEN = Path(__file__).with_name("contract.json")


def now() -> dict[str, Any]:
    """Every field with its type, its rows' fields and its meaning."""
    return {
        name: {
            "type": contract.type_word(name),
            "rows": list(contract.ROW_FIELDS.get(name, ())),
            "meaning": contract.MEANINGS[name][0],
        }
        for name in contract.MEANINGS
    }


def test_every_field_has_a_meaning_and_an_example() -> None:
    assert [*contract.MEANINGS] == [f.name for f in dataclasses.fields(LetterContext)]
    assert all(meaning and example for meaning, example in contract.MEANINGS.values())
    assert {f for rows in contract.ROW_FIELDS.values() for f in rows} == contract.ROW_MEANINGS.keys()


def test_every_layout_says_what_its_template_must_use() -> None:
    assert REQUIRED.keys() == set(get_args(Layout))
    assert all(contract.required(layout) <= FIELDS for layout in REQUIRED)
    assert contract.MUST_SHOW.keys() <= contract.ROW_FIELDS.keys()
    for name, shown in contract.MUST_SHOW.items():
        assert set(shown) <= set(contract.ROW_FIELDS[name])


def broken(frozen: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """Fields of the frozen contract that went, or whose meaning, type or rows an office's template cannot rely on."""
    said = []
    for name, old in frozen.items():
        new = found.get(name)
        if (
            new is None
            or (new["type"], new["meaning"]) != (old["type"], old["meaning"])
            or not set(old["rows"]) <= set(new["rows"])
        ):
            said.append(name)
    return said


def test_the_contract_is_frozen() -> None:
    """A field that goes or means something else asks for a new VERSION; a new field for
    ``python -m tests.letters.test_contract``, which refuses the first without the second."""
    frozen = json.loads(FROZEN.read_text(encoding="utf-8"))
    if frozen["version"] == contract.VERSION:
        assert broken(frozen["fields"], now()) == []
    assert frozen == {"version": contract.VERSION, "fields": now()}


def test_what_breaks_a_template_is_noticed() -> None:
    old = now()
    less = {name: said for name, said in old.items() if name != "opening"}
    other = {**old, "grade": {**old["grade"], "meaning": "评价得分"}}
    narrower = {**old, "results": {**old["results"], "rows": ["number"]}}
    more = {**old, "nickname": {"type": "文字", "rows": [], "meaning": "简称"}}
    assert [broken(old, new) for new in (less, other, narrower, more)] == [["opening"], ["grade"], ["results"], []]


def main() -> None:
    """Write the frozen contract; refuse a break without a new version."""
    if FROZEN.exists():
        frozen = json.loads(FROZEN.read_text(encoding="utf-8"))
        lost = broken(frozen["fields"], now())
        if lost and frozen["version"] == contract.VERSION:
            raise SystemExit(f"raise contract.VERSION first: {lost}")
    text = json.dumps({"version": contract.VERSION, "fields": now()}, ensure_ascii=False, indent=1)
    FROZEN.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
