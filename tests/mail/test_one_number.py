"""One 文号 is one letter, over years, kinds, units and workbooks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from incubxl.mail.claims import Sender
from incubxl.mail.drafting import draft
from incubxl.mail.elsewhere import Elsewhere
from incubxl.mail.outbox import Outbox
from incubxl.mail.worker import send
from tests.mail.build import Clock, Server, compose, letter, nothing_wrong, states


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path / "发件箱.sqlite3", clock=Clock()) as opened:
        yield opened


def leave(outbox: Outbox) -> None:
    """Approve and send the first mail."""
    assert outbox.approve(1, "示例乙", nothing_wrong) is None
    with Sender(outbox, "示例丙") as sender:
        send(sender, Server(), [1], nothing_wrong, per_minute=0)


NUMBER = "示科函〔2026〕5号"


@pytest.mark.parametrize(
    ("changed", "differs"),
    [
        ({"year": 2027}, "申报年度不同"),
        ({"kind": "refusal", "label": "不予认定", "text": "示例0001孵化器有限公司：不予认定。"}, "通知书种类不同"),
        ({"pack": "urumqi-intl"}, "办法不同"),
    ],
)
def test_one_number_is_one_letter(outbox: Outbox, tmp_path: Path, changed: dict[str, Any], differs: str) -> None:
    draft(outbox, [letter(1, tmp_path, letter_key=NUMBER)], compose(), "示例甲")
    leave(outbox)
    again = letter(1, tmp_path, letter_key=NUMBER, **changed)
    done = draft(outbox, [again], compose(), "示例甲")
    assert ([i.code for i in done.issues], states(outbox)) == (["mail.same_number"], ["sent"])
    assert differs in done.issues[0].message
    assert "第1号邮件（已发出" in done.issues[0].message
    same = draft(outbox, [again], compose(), "示例甲", units={"X-0001": "same"})
    assert same.added == []
    assert draft(outbox, [again], compose(), "示例甲", units={"X-0001": "other"}).added == [2]
    assert draft(outbox, [again], compose(), "示例甲").kept == [2]  # asked once


def test_one_number_of_two_units_is_asked_about(outbox: Outbox, tmp_path: Path) -> None:
    """Two workbooks, two units, two kinds, no 文号簿 between them."""
    draft(outbox, [letter(1, tmp_path, letter_key=NUMBER)], compose(), "示例甲")
    leave(outbox)
    other = letter(
        2,
        tmp_path,
        letter_key=NUMBER,
        kind="refusal",
        label="不予认定",
        source="乙.xlsx",
        text="示例0002孵化器有限公司",
    )
    done = draft(outbox, [other], compose(), "示例甲")
    assert ([i.code for i in done.issues], states(outbox)) == (["mail.same_number"], ["sent"])
    assert draft(outbox, [replace(other, letter_key="示科函〔2026〕6号")], compose(), "示例甲").added == [2]


def test_the_same_document_goes_to_several_readers(outbox: Outbox, tmp_path: Path) -> None:
    first = letter(1, tmp_path, letter_key=NUMBER, reader="示例区科技局")
    draft(outbox, [first], compose(), "示例甲")
    leave(outbox)
    second = replace(
        first, reader="示例县科技局", applicant="X-0002", name="示例乙孵化器有限公司", address="b@example.org"
    )
    assert draft(outbox, [second], compose(), "示例甲").added == [2]


def test_a_year_put_right_before_anything_left_replaces_the_draft(outbox: Outbox, tmp_path: Path) -> None:
    draft(outbox, [letter(1, tmp_path, letter_key=NUMBER)], compose(), "示例甲")
    right = letter(1, tmp_path, letter_key=NUMBER, year=2027)
    assert draft(outbox, [right], compose(), "示例甲").replaced == [1]
    assert (outbox.mail(1).year, len(outbox.mails())) == (2027, 1)


def test_of_two_drafts_of_one_number_one_leaves(outbox: Outbox, tmp_path: Path) -> None:
    one = letter(1, tmp_path, letter_key=NUMBER)
    other = letter(2, tmp_path, letter_key=NUMBER, kind="refusal", label="不予认定", source="乙.xlsx")
    draft(outbox, [one], compose(), "示例甲")
    draft(outbox, [other], compose(), "示例甲")
    look = Elsewhere(outbox).guard(nothing_wrong)
    assert [outbox.approve(id, "示例乙", look) for id in (1, 2)] == [None, None]
    server = Server()
    with Sender(outbox, "示例丙") as sender:
        done = send(sender, server, [1, 2], look, per_minute=0)
    assert [to for to, _ in server.accepted] == ["x0001@example.org"]
    assert [found.code for _, found in done.withheld] == ["mail.same_number"]
    assert states(outbox) == ["sent", "approved"]


def test_a_draft_whose_number_becomes_that_of_another_letter_is_asked_about(outbox: Outbox, tmp_path: Path) -> None:
    draft(outbox, [letter(1, tmp_path, letter_key=NUMBER)], compose(), "示例甲")
    leave(outbox)
    own = letter(2, tmp_path, letter_key="示科函〔2026〕6号")
    assert draft(outbox, [own], compose(), "示例甲").added == [2]
    done = draft(outbox, [replace(own, letter_key=NUMBER)], compose(), "示例甲")
    assert [i.code for i in done.issues] == ["mail.same_number"]
    assert outbox.mail(2).letter_key == "示科函〔2026〕6号"
