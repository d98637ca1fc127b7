"""A transcript of a real Excel against the reference: ``python -m tests.live.compare TRANSCRIPT.txt …``.

Says in Chinese, for the person who made the transcript, where the two first part ways. Exit code 1: they do; 2: no
reference for that button.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.live.record import FOLDER

_SHOWN = 10
_VERBS = {"get": "读取", "set": "设置", "call": "调用", "each": "逐个查看", "fail": "失败"}


def accesses(text: str) -> list[str]:
    """The transcript's lines. An object that is fetched only to be called counts once, as real Excel may have it."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    kept: list[str] = []
    for line in lines:
        if kept and kept[-1].startswith("get ") and kept[-1].endswith(" -> object"):
            path = kept[-1].removeprefix("get ").removesuffix(" -> object")
            if line.startswith(f"call {path}("):
                kept.pop()
        kept.append(line)
    return kept


def button(text: str) -> str:
    """Which button it is about."""
    first = text.splitlines()[0] if text else ""
    return first.removeprefix("# button: ") if first.startswith("# button: ") else ""


def reference(label: str) -> str | None:
    """The committed transcript of the button with this label."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.txt")))
    return next((text for text in texts if label and button(text) == label), None)


def differences(real: str, expected: str) -> list[str]:
    """In the order of the click; the step numbers count the accesses of the real one."""
    mine, other = accesses(real), accesses(expected)
    found: list[str] = []
    for kind, a0, a1, b0, b1 in difflib.SequenceMatcher(None, other, mine, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        if a1 - a0 == b1 - b0:
            found += [_changed(n + 1, other[a], mine[n]) for a, n in zip(range(a0, a1), range(b0, b1), strict=True)]
            continue
        found += [f"第{b0 + 1}步之前少了一步：{_told(line)}" for line in other[a0:a1]]
        found += [f"第{n + 1}步是参照里没有的：{_told(mine[n])}" for n in range(b0, b1)]
    return found


def _changed(step: int, expected: str, real: str) -> str:
    for mark, word in ((" -> ", "得到"), (" = ", "设为")):
        if expected.partition(mark)[0] == real.partition(mark)[0] and mark in expected:
            was, now = expected.partition(mark)[2], real.partition(mark)[2]
            return f"第{step}步，{_told(expected.partition(mark)[0])}：参照{word} {was}，这次{word} {now}"
    return f"第{step}步：参照是「{_told(expected)}」，这次是「{_told(real)}」"


def _told(line: str) -> str:
    verb, _, rest = line.partition(" ")
    if verb == "fail":
        what, _, why = rest.partition(" ! ")
        return f"失败（{why}）：{_told(what)}"
    return f"{_VERBS.get(verb, verb)} {rest.replace(' -> object', '')}"


def main(arguments: Sequence[str]) -> int:
    worst = 0
    for name in arguments:
        real = Path(name).read_text(encoding="utf-8")
        label = button(real)
        expected = reference(label)
        if expected is None:
            print(f"{name}：没有按钮「{label}」的参照记录")
            worst = 2
            continue
        found = differences(real, expected)
        print(f"{name}「{label}」：" + (f"有 {len(found)} 处与参照不同" if found else "与参照完全一致"))
        for line in found[:_SHOWN]:
            print(f"  {line}")
        if len(found) > _SHOWN:
            print(f"  ……其余 {len(found) - _SHOWN} 处，请先看上面最早的几处")
        worst = max(worst, int(bool(found)))
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
