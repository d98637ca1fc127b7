"""What became of a mail, by its Message-ID: from a mail server's log (Postfix), or a mailbox that holds it (mbox)."""

from __future__ import annotations

import mailbox
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from incubxl.mask import masked

_CLEANUP = re.compile(r"cleanup\[\d+\]: (?P<queue>[0-9A-Za-z]+): (?:resent-)?message-id=(?P<id><[^>]+>)")
_QUEUED = re.compile(r"qmgr\[\d+\]: (?P<queue>[0-9A-Za-z]+): from=<.*\(queue active\)")
_STATUS = re.compile(r"\]: (?P<queue>[0-9A-Za-z]+): to=<.*\bstatus=(?P<status>\w+) \((?P<words>.*)\)\s*$")


@dataclass(frozen=True, slots=True)
class Evidence:
    """``delivered``: whether the server had the mail and has not given it up. ``words`` say where that stands."""

    delivered: bool
    words: str


def search(path: Path, ids: Collection[str]) -> dict[str, Evidence]:
    """What the file says of these Message-IDs; those that it does not tell of are left out: silence proves nothing.

    Raises OSError.
    """
    with path.open("rb") as file:
        first = file.read(5)
    if first == b"From ":
        return _in_mailbox(path, ids)
    with path.open(encoding="utf-8", errors="replace") as file:
        return _in_log(file, ids, path.name)


def _in_mailbox(path: Path, ids: Collection[str]) -> dict[str, Evidence]:
    """A message's own Message-ID counts, not those that a bounce quotes."""
    box = mailbox.mbox(path, create=False)
    try:
        found = {str(message["Message-ID"] or "").strip() for message in box}
    finally:
        box.close()
    return {id: Evidence(True, f"在邮箱文件 {path.name} 里找到了这封邮件") for id in ids if id in found}


def _in_log(lines: Iterable[str], ids: Collection[str], name: str) -> dict[str, Evidence]:
    """Postfix logs a message-id as it reads the header; only what came into the queue was taken over."""
    queues: dict[str, list[str]] = defaultdict(list)
    taken: set[str] = set()
    status: dict[str, tuple[str, str]] = {}
    wanted = set(ids)
    for line in lines:
        if found := _CLEANUP.search(line):
            if found["id"] in wanted:
                queues[found["id"]].append(found["queue"])
        elif found := _QUEUED.search(line):
            taken.add(found["queue"])
        elif found := _STATUS.search(line):
            status[found["queue"]] = (found["status"], found["words"])
    return {id: told for id, found in queues.items() if (told := _verdict(found, taken, status, name))}


def _verdict(
    queues: Iterable[str], taken: Collection[str], status: Mapping[str, tuple[str, str]], name: str
) -> Evidence | None:
    last: Evidence | None = None
    for queue in queues:
        state, words = status.get(queue, ("", ""))
        if state == "sent":
            return Evidence(True, f"{name}：{queue} status=sent（{masked(words)[:200]}）")
        if state in ("bounced", "expired"):
            last = last or Evidence(False, f"{name}：{queue} status={state}（{masked(words)[:200]}）")
        elif queue in taken or state:
            last = Evidence(True, f"{name}：{queue} 已在服务器队列中{f'，status={state}' if state else ''}")
    return last
