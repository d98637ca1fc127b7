"""Every kind of tampering is found and told with its entry; what was not touched is not accused."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incubxl.audit.chain import RECORD, START, Chain, canonical, digest
from incubxl.audit.verify import Verified, verify

AT = dt.datetime(2026, 6, 20, 9, 30)
COUNT = 8
Lines = list[bytes]


def written(out: Path, count: int = COUNT) -> Chain:
    chain = Chain(out)
    for n in range(1, count + 1):
        chain.append("workbook", "20260620-093000", {"input": f"登记{n}.xlsx", "sha256": f"{n:064x}"}, AT)
    return chain


def lines(out: Path) -> Lines:
    return (out / RECORD).read_bytes().splitlines()


def put(out: Path, found: Lines) -> None:
    (out / RECORD).write_bytes(b"".join(line + b"\n" for line in found))


def codes(found: Verified) -> list[str]:
    return [i.code for i in found.issues]


def told(found: Verified) -> str:
    return "\n".join(f"{i.message}。{i.remedy}。" for i in found.issues)


def edited(line: bytes, **body: Any) -> dict[str, Any]:
    entry = json.loads(line)
    return {**entry, "body": {**entry["body"], **body}}


def rehashed(entry: dict[str, Any]) -> bytes:
    return canonical({**entry, "hash": digest(entry)})


def chained(entries: list[dict[str, Any]]) -> Lines:
    """A whole chain written anew, as somebody who knows how would do it."""
    made, before = [], START
    for n, entry in enumerate(entries, 1):
        body = {**entry, "n": n, "prev": before}
        before = digest(body)
        made.append(canonical({**body, "hash": before}))
    return made


def test_an_untouched_record_is_sound(tmp_path: Path) -> None:
    head = written(tmp_path).head()
    found = verify(tmp_path, [head.hash, json.loads(lines(tmp_path)[2])["hash"][:16]])
    assert found.sound
    assert not found.issues
    assert found.entries == COUNT
    assert found.head == head
    assert list(found.confirmed.values()) == [COUNT, 3]


def test_each_entry_holds_the_hash_of_the_one_before(tmp_path: Path) -> None:
    written(tmp_path, 3)
    entries = [json.loads(line) for line in lines(tmp_path)]
    assert [e["n"] for e in entries] == [1, 2, 3]
    assert [e["prev"] for e in entries] == ["0" * 64, entries[0]["hash"], entries[1]["hash"]]


def test_an_edit_is_told_with_its_number(tmp_path: Path) -> None:
    written(tmp_path)
    found = lines(tmp_path)
    found[4] = canonical(edited(found[4], sha256="f" * 64))
    put(tmp_path, found)
    checked = verify(tmp_path)
    assert codes(checked) == ["audit.edited"]
    assert "第 5 条" in told(checked)


def test_an_edit_with_its_own_hash_recomputed(tmp_path: Path) -> None:
    written(tmp_path)
    found = lines(tmp_path)
    found[4] = rehashed(edited(found[4], sha256="f" * 64))
    put(tmp_path, found)
    checked = verify(tmp_path)
    assert codes(checked) == ["audit.unlinked"]
    assert "第 6 条" in told(checked)
    assert "第 5 条" in told(checked)


def test_a_deletion_in_the_middle(tmp_path: Path) -> None:
    written(tmp_path)
    found = lines(tmp_path)
    put(tmp_path, found[:3] + found[5:])
    checked = verify(tmp_path)
    assert codes(checked) == ["audit.missing"]
    assert "第 4 至第 5 条被删去" in told(checked)


def test_a_deletion_with_the_numbers_closed_up(tmp_path: Path) -> None:
    written(tmp_path)
    found = lines(tmp_path)
    rest = [rehashed({**json.loads(line), "n": n}) for n, line in enumerate(found[4:], 4)]
    put(tmp_path, found[:3] + rest)
    assert "audit.unlinked" in codes(verify(tmp_path))


def test_a_deletion_at_the_beginning(tmp_path: Path) -> None:
    written(tmp_path)
    put(tmp_path, lines(tmp_path)[2:])
    assert "第 1 至第 2 条被删去" in told(verify(tmp_path))


def test_two_entries_swapped(tmp_path: Path) -> None:
    written(tmp_path)
    found = lines(tmp_path)
    found[3], found[4] = found[4], found[3]
    put(tmp_path, found)
    assert "audit.order" in codes(verify(tmp_path))


def test_an_entry_twice(tmp_path: Path) -> None:
    written(tmp_path)
    found = lines(tmp_path)
    put(tmp_path, [*found[:4], found[3], *found[4:]])
    assert "audit.order" in codes(verify(tmp_path))


@pytest.mark.parametrize("by_hand", ["改过了", '{"n": 9}', "[]", "{" * 3000])
def test_a_line_appended_by_hand(tmp_path: Path, by_hand: str) -> None:
    written(tmp_path)
    put(tmp_path, [*lines(tmp_path), by_hand.encode()])
    checked = verify(tmp_path)
    assert codes(checked) == ["audit.not_entry"]
    assert "第 9 行" in told(checked)


def test_an_entry_appended_by_hand_without_its_hash(tmp_path: Path) -> None:
    written(tmp_path)
    found = lines(tmp_path)
    made = {**json.loads(found[-1]), "n": 9, "prev": json.loads(found[-1])["hash"], "hash": "0" * 64}
    put(tmp_path, [*found, canonical(made)])
    assert codes(verify(tmp_path)) == ["audit.edited"]


def test_an_entry_in_other_words_with_the_same_meaning(tmp_path: Path) -> None:
    written(tmp_path)
    found = lines(tmp_path)
    found[1] = json.dumps(json.loads(found[1])).encode()
    put(tmp_path, found)
    assert codes(verify(tmp_path)) == ["audit.respelt"]


def test_truncation_needs_a_printed_head(tmp_path: Path) -> None:
    head = written(tmp_path).head()
    put(tmp_path, lines(tmp_path)[:-2])
    assert verify(tmp_path).sound  # nothing in the chain itself can show it
    checked = verify(tmp_path, [head.hash])
    assert codes(checked) == ["audit.head_unknown"]
    assert "截短" in told(checked)
    by_program = verify(tmp_path, printed={head.hash: ("运行清单.json", "20260620-093000")})
    assert codes(by_program) == ["audit.head_manifest"]


def test_a_whole_rewrite_needs_a_printed_head(tmp_path: Path) -> None:
    head = written(tmp_path).head()
    put(tmp_path, chained([edited(line, sha256="f" * 64) for line in lines(tmp_path)]))
    assert verify(tmp_path).sound
    assert codes(verify(tmp_path, [head.hash])) == ["audit.head_unknown"]


def test_a_rewrite_from_the_middle_keeps_the_earlier_heads_only(tmp_path: Path) -> None:
    written(tmp_path)
    found = lines(tmp_path)
    third, last = (json.loads(found[n])["hash"] for n in (2, -1))
    put(tmp_path, chained([json.loads(line) for line in found[:4]] + [edited(line, x=1) for line in found[4:]]))
    checked = verify(tmp_path, [third, last])
    assert checked.confirmed == {third: 3}
    assert codes(checked) == ["audit.head_unknown"]


@pytest.mark.parametrize("head", ["", "abc", "没有", "z" * 64, "a" * 65])
def test_what_is_no_hash_is_told(tmp_path: Path, head: str) -> None:
    written(tmp_path, 1)
    assert codes(verify(tmp_path, [head])) == ["audit.head_bad"]


def test_no_record(tmp_path: Path) -> None:
    assert codes(verify(tmp_path)) == ["audit.none"]


def test_a_run_without_an_end(tmp_path: Path) -> None:
    Chain(tmp_path).append("run.begun", "20260620-093000", {}, AT)
    checked = verify(tmp_path)
    assert checked.sound
    assert codes(checked) == ["audit.unended"]


# a power cut


def test_a_line_that_lacks_only_its_break_counts(tmp_path: Path) -> None:
    chain = written(tmp_path)
    (tmp_path / RECORD).write_bytes((tmp_path / RECORD).read_bytes()[:-1])
    assert not verify(tmp_path).issues
    chain.append("workbook", "", {}, AT)
    assert not verify(tmp_path).issues
    assert verify(tmp_path).entries == COUNT + 1


@pytest.mark.parametrize("cut", [2, 40, 150])
def test_a_torn_line_is_owned_up_to(tmp_path: Path, cut: int) -> None:
    chain = written(tmp_path)
    whole = (tmp_path / RECORD).read_bytes()
    (tmp_path / RECORD).write_bytes(whole[:-cut])
    torn = verify(tmp_path)
    assert codes(torn) == ["audit.torn_end"]
    assert torn.sound
    for made in (chain, Chain(tmp_path)):
        made.append("workbook", "", {}, AT)
    after = verify(tmp_path)
    assert after.sound
    assert codes(after) == ["audit.torn"]
    assert after.entries == COUNT + 1


def test_a_line_cannot_hide_behind_a_torn_one(tmp_path: Path) -> None:
    chain = written(tmp_path)
    (tmp_path / RECORD).write_bytes((tmp_path / RECORD).read_bytes()[:-40])
    chain.append("workbook", "", {}, AT)
    found = lines(tmp_path)
    put(tmp_path, [*found[:-1], b"by hand", found[-1]])
    assert not verify(tmp_path).sound


# any tampering


@st.composite
def tamperings(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    at, length = draw(st.floats(0, 1)), draw(st.integers(1, 200))
    kind = draw(st.sampled_from(["flip", "cut", "insert", "drop lines", "swap lines", "repeat line"]))
    some = draw(st.binary(min_size=1, max_size=20))
    first, second = draw(st.integers(0, COUNT - 2)), draw(st.integers(0, COUNT - 2))

    def change(data: bytes) -> bytes:
        place = int(at * (len(data) - 1))
        rows = data.splitlines(keepends=True)
        if kind == "flip":
            return data[:place] + bytes([data[place] ^ some[0] or 1]) + data[place + 1 :]
        if kind == "cut":
            return data[:place] + data[place + length :]
        if kind == "insert":
            return data[:place] + some + data[place:]
        if kind == "drop lines":
            return b"".join(rows[:first] + rows[max(first, second) + 1 :])
        if kind == "swap lines":
            one, two = first % len(rows), second % len(rows)
            rows[one], rows[two] = rows[two], rows[one]
            return b"".join(rows)
        return b"".join([*rows[: first + 1], rows[second % len(rows)], *rows[first + 1 :]])

    return change


@settings(max_examples=300)
@given(st.lists(tamperings(), min_size=1, max_size=3))
def test_whatever_is_changed_before_the_end_is_found(changes: list[Callable[[bytes], bytes]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        head = written(out).head()
        before = (out / RECORD).read_bytes()
        after = before
        for change in changes:
            after = change(after) if after.strip() else after
        (out / RECORD).write_bytes(after)
        checked = verify(out, [head.hash])
        if after != before:
            assert checked.issues or not checked.confirmed
        untouched = after.startswith(before.rsplit(b"\n", 2)[0] + b"\n")
        if after != before and not untouched:
            assert not checked.sound
        if after == before:
            assert checked.sound


# two at once, and killed

_APPEND = (
    "import sys, datetime as dt; from pathlib import Path; from incubxl.audit.chain import Chain\n"
    "chain = Chain(Path(sys.argv[1])); print('ready', flush=True)\n"
    "for n in range(int(sys.argv[2])):\n"
    "    chain.append('workbook', sys.argv[3], {'n': n, 'filling': 'x' * (n * 997 % 90000)}, dt.datetime(2026, 6, 20))"
)


def _appender(out: Path, count: int, run: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", _APPEND, str(out), str(count), run], stdout=subprocess.PIPE)


def test_two_processes_make_one_chain(tmp_path: Path) -> None:
    both = [_appender(tmp_path, 30, run) for run in ("a", "b")]
    for process in both:
        assert process.wait(timeout=120) == 0
        assert process.stdout is not None
        process.stdout.close()
    checked = verify(tmp_path)
    assert checked.sound
    assert not checked.issues
    assert checked.entries == 60
    runs = [e["run"] for e in Chain(tmp_path).entries()]
    assert runs.count("a") == runs.count("b") == 30


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
def test_a_killed_process_leaves_a_chain_that_goes_on(tmp_path: Path) -> None:
    for n in range(10):
        with _appender(tmp_path, 10**6, f"{n}") as process:
            assert process.stdout is not None
            process.stdout.readline()
            before = (tmp_path / RECORD).stat().st_size if (tmp_path / RECORD).exists() else 0
            deadline = dt.datetime.now() + dt.timedelta(seconds=30)
            while dt.datetime.now() < deadline:
                if (tmp_path / RECORD).exists() and (tmp_path / RECORD).stat().st_size > before + 9_000 * n:
                    break
            os.kill(process.pid, signal.SIGKILL)
        assert verify(tmp_path).sound
    Chain(tmp_path).append("workbook", "after", {}, AT)
    assert verify(tmp_path).sound
