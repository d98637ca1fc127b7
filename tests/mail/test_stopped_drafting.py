"""A drafting that is stopped says how far it came, and the next one goes on where it was; nothing is drafted twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from incubxl.batch.mail_run import draft_letters
from incubxl.cli.commands import app
from incubxl.mail import drafting
from incubxl.mail.drafting import draft
from incubxl.mail.outbox import Outbox
from tests.mail.build import Clock, compose, letter, light, states


@pytest.fixture
def outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outbox]:
    monkeypatch.setattr(drafting, "_TOGETHER", 2)
    with Outbox(tmp_path / "box" / "发件箱.sqlite3", clock=Clock()) as opened:
        yield opened


def test_a_stop_is_honoured_between_blocks(outbox: Outbox, tmp_path: Path) -> None:
    letters = [letter(n, tmp_path) for n in range(5)]
    seen: list[tuple[int, int]] = []

    def told(done: int, total: int) -> bool:
        seen.append((done, total))
        return done < 4

    done = draft(outbox, letters, light, "示例甲", told=told)
    assert (done.stopped, len(done.added), seen) == (True, 4, [(0, 5), (2, 5), (4, 5)])
    again = draft(outbox, letters, light, "示例甲")
    assert (again.stopped, len(again.added), again.kept) == (False, 1, done.added)
    assert [mail.applicant for mail in outbox.mails()] == [one.applicant for one in letters]


def test_mail_stop_in_another_window_stops_it_too(outbox: Outbox, tmp_path: Path) -> None:
    letters = [letter(n, tmp_path) for n in range(5)]

    def elsewhere(done: int, total: int) -> bool:
        if done == 2:
            app(["mail", "stop", "--by", "示例乙", "--outbox", str(outbox.path)], standalone_mode=False)
        return True

    done = draft(outbox, letters, light, "示例甲", told=elsewhere)
    assert (done.stopped, len(done.added)) == (True, 2)
    assert outbox.events()[-1][1:] == ("示例乙", "要求停止发送")
    assert not draft(outbox, letters, light, "示例甲").stopped  # an earlier stop is over


@pytest.mark.parametrize(("at", "drafted", "files"), [(2, 2, 0), (5, 5, 0), (7, 5, 2)])
def test_how_many_were_written_is_said_and_the_second_run_is_whole(
    outbox: Outbox, tmp_path: Path, at: int, drafted: int, files: int
) -> None:
    letters = [letter(n, tmp_path) for n in range(5)]
    eml = tmp_path / "邮件草稿"
    made = draft_letters(outbox, letters, compose(), "示例甲", eml, told=lambda done, total: done < at)
    assert made.stopped
    assert made.stopping(5) == (
        f"已按要求停止：共 5 封，已起草进发件箱 {drafted} 封（含没有变化的），写出草稿文件 {files} 个。"
        "再起草一次就接着做，已起草的不会重复。"
    )
    assert len(list(eml.glob("*.eml"))) == files
    again = draft_letters(outbox, letters, compose(), "示例甲", eml)
    assert (again.stopped, again.stopping(5)) == (False, "")
    assert states(outbox) == ["draft"] * 5
    assert len(list(eml.glob("*.eml"))) == 5


def test_a_stop_leaves_no_draft_file_of_what_was_drafted_anew(outbox: Outbox, tmp_path: Path) -> None:
    """Its .eml would be the letter of before, and somebody might send it by hand."""
    eml = tmp_path / "邮件草稿"
    draft_letters(outbox, [letter(n, tmp_path) for n in range(2)], compose(), "示例甲", eml)
    changed = [letter(n, tmp_path, text=f"示例{n:04d}孵化器有限公司：改过的一份。") for n in range(2)]
    made = draft_letters(outbox, changed, compose(), "示例甲", eml, told=lambda done, total: done < 2)
    assert (made.stopped, len(made.done.replaced)) == (True, 2)
    assert list(eml.glob("*.eml")) == []
