"""The product asks for no more personal data than the measures' forms do."""

from __future__ import annotations

import re
from pathlib import Path

from incubxl.policy.fields import Field
from incubxl.policy.pack import Pack

SENDING = {"contact_name", "contact_phone", "contact_email"}  # a letter must reach somebody
NATURAL = re.compile(r"姓名|电话|手机|邮箱|证件|身份证|住址|出生|性别|年龄|民族")  # what tells of a natural person
OFFICES = {"office_contact"}  # 「本单位联系方式」 is the office's own, in 设置


def asked(pack: Pack) -> list[tuple[Field, str]]:
    """Every column that anybody fills, with the clause or form that its place rests on."""
    single = [(fact, fact.clause or fact.form) for fact in pack.facts]
    return single + [(c, c.clause or c.form or t.clause) for t in pack.tables for c in t.columns]


def test_personal_columns_rest_on_a_clause_or_a_form(pack: Pack) -> None:
    personal = [(field, rests) for field, rests in asked(pack) if field.personal]
    assert {field.id for field, _ in personal} >= SENDING
    assert [field.id for field, rests in personal if field.id not in SENDING and not rests] == []


def test_columns_of_natural_persons_are_known_as_such(pack: Pack) -> None:
    found = [f for f, _ in asked(pack) if f.type in ("phone", "email") or NATURAL.search(f.label)]
    assert found
    assert [f.id for f in found if not (f.personal or f.type == "boolean" or f.id in OFFICES)] == []


def test_nobody_is_asked_for_an_identity_number(pack: Pack) -> None:
    numbers = [f for f, _ in asked(pack) if re.search(r"身份证|护照|证件号", f.label)]
    assert [f.id for f in numbers if f.type != "boolean"] == []  # 「是否已提交」 alone


def test_the_measure_prints_what_a_form_asks_of_persons(pack: Pack, seeds: Path) -> None:
    text = "".join(p.read_text(encoding="utf-8") for p in sorted(seeds.glob("*")) if p.is_file())
    for field, _ in asked(pack):
        if field.personal and field.form and field.id not in SENDING:
            assert re.sub(r"^制表人|（.*", "", field.label).replace("电子邮箱", "E-mail") in text, field.label
