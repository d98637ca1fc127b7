"""incubxl addin install | uninstall | doctor."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from incubxl.addin import machine
from incubxl.addin.check import State
from incubxl.addin.doctor import examine, worst
from incubxl.addin.install import install as put_in_place
from incubxl.addin.places import ICON, Refusal
from incubxl.addin.uninstall import uninstall as remove
from incubxl.cli.chinese import Exit
from incubxl.cli.show import console, fail

_NEXT = (
    "关闭全部 Excel 窗口，再打开 Excel：上方多了一个标签「孵化管理」。没有的，运行 incubxl addin doctor，照它说的做。",
    "打开登记工作簿，点「孵化管理」里的「自检」，会出来一个说明窗口。",
    "用 WPS，或不想用按钮的：把登记工作簿（或整个文件夹）拖到桌面的「{icon}」图标上，"
    "结果在它旁边的「孵化管理结果」里。",
)
_CODES = {State.GOOD: Exit.DONE, State.ATTENTION: Exit.FINDINGS, State.PROBLEM: Exit.INPUT}


def install(policies: Path | None, *, forget: bool) -> int:
    """Install and tell every file."""
    if policies is not None and forget:
        return fail("--policies 和 --no-policies 不能一起用", "请只写一个")
    try:
        done = put_in_place(machine.ThisMachine(), policies, forget_packs=forget)
    except Refusal as refusal:
        return fail(refusal.what, refusal.next)
    say = _printer()
    for what, path in done.written:
        say(f"已写好　{what}：{path}")
    for what, path in done.same:
        say(f"已经是　{what}：{path}")
    _caveats(done.caveats, say)
    say("接下来：")
    for n, step in enumerate(_NEXT, 1):
        say(f"{n}. {step.format(icon=Path(ICON).stem)}")
    return Exit.FINDINGS if done.caveats else Exit.DONE


def uninstall(*, everything: bool) -> int:
    """Uninstall and tell what stays."""
    try:
        done = remove(machine.ThisMachine(), everything=everything)
    except Refusal as refusal:
        return fail(refusal.what, refusal.next)
    say = _printer()
    for what, path in done.removed:
        say(f"已删去　{what}：{path}")
    if not done.removed:
        say("没有装过，或者已经删去了。")
    for what, path in done.stays:
        say(f"留下的　{what}：{path}")
    _caveats(done.caveats, say)
    say("程序本身还在；连它也不要的，请再运行：pip uninstall incubxl。您的工作簿、结果和通知书都没有动。")
    return Exit.FINDINGS if done.caveats else Exit.DONE


def doctor(*, as_json: bool) -> int:
    """Print every check. 0: all good; 1: something to note; 3: the buttons do not work like this."""
    checks = examine(machine.ThisMachine())
    if as_json:
        body = [{"check": c.name, "state": c.state.value, "seen": c.seen, "remedy": c.remedy} for c in checks]
        print(json.dumps({"checks": body, "worst": worst(checks).value}, ensure_ascii=False, indent=1))
        return _CODES[worst(checks)]
    say = _printer()
    for check in checks:
        say(f"［{check.state.word}］{check.name}：{check.seen}")
        if check.remedy:
            say(f"　　　怎么办：{check.remedy}")
    wrong = sum(check.state is State.PROBLEM for check in checks)
    noted = sum(check.state is State.ATTENTION for check in checks)
    skipped = sum(check.state is State.UNCHECKED for check in checks)
    looked = f"查了 {len(checks) - skipped} 项"
    rest = f"另有 {skipped} 项没有查，原因写在各项后面。" if skipped else ""
    say((f"{looked}：{wrong} 项有问题，{noted} 项要注意。" if wrong or noted else f"{looked}，没有发现问题。") + rest)
    if wrong:
        say("按上面的次序改，改完再运行一次 incubxl addin doctor；改不了的，把这些文字全部复制给信息部门。")
    return _CODES[worst(checks)]


def _caveats(caveats: Sequence[tuple[str, str]], say: Callable[[str], None]) -> None:
    for what, remedy in caveats:
        say(f"注意：{what}。{remedy}。")


def _printer() -> Callable[[str], None]:
    out = console()

    def say(text: str) -> None:
        out.print(text, highlight=False, markup=False, soft_wrap=True)

    return say
