"""Statements that a step was taken (经实地核查, 经公示无异议, 报请…同意): a letter makes none that nothing records.

``WORDS`` is what is looked for in the wording of letters and mails. A kind of letter declares each such statement
with what bears it out; without it the letter is never final, so that the sentence never goes out on its own. What an
official types on a conclusion's row is looked at with the same words: ``STEPS`` says which records bear it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from incubxl.policy.letters import LetterKind

_DONE = (
    "实地核查|实地考察|实地调研|现场核查|现场核验|现场勘查|现场考察|现场评估|现场查看|核查|核实|核对|核验|查实|查明|调查|"
    "初审|复审|审查|审核|复核|审议|评审|评议|评估|论证|审计(?!的|报告)|研究|讨论|会商|遴选|协商|公示|听证|表决|批准|同意|审定|核准"
)
_NOT_A_STEP = "[营费济手纪理验常销历贸]|办(?!公)|开[区发]|[信发][局委厅]"  # 经营, 经费 … 经办; 经开区, 经信局
_NOT_DONE = "[已未不须需应当可]"  # 未经批准, 须经审议; 已经: the next pattern
_SPAN = "[^，。；、：！？“”（）]"
_SPAN_ASKING = "[^，。；、：！？“”（）请]"  # 如已收到请确认
WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("经……核查、评审、审议、研究、公示等", re.compile(
        rf"(?<!{_NOT_DONE})经(?!{_NOT_A_STEP}){_SPAN}{{0,24}}(?:{_DONE})")),
    ("已（经）……核查、评审、审议、批准等", re.compile(
        rf"已(?:经|由)?{_SPAN_ASKING}{{0,12}}(?:{_DONE}|授予|确认|备案)")),
    ("报请、报经……同意、批准、审定", re.compile(
        rf"报(?:请|经){_SPAN}{{0,24}}(?:同意|批准|审定|核准)|"
        rf"(?<![请须应将可需申上])报(?![请经送备告名销表道]){_SPAN}{{1,16}}(?:同意|批准|审定|核准)")),
    ("公示无异议、公示期间……", re.compile(
        r"公示[^。；：！？]{0,16}?(?:没有|无|未(?:收到)?)异议|公示期[间内](?:收到|没有|无|未)")),
    (
        "根据……核查、评估、评审、遴选情况",
        re.compile(r"根据[^，。；：！？]{0,30}?(?:实地|现场|核查|评估|评审|论证|遴选)[^，。；：！？]{0,6}?(?:情况|结果|意见)"),
    ),
    ("核查、评审、会议……表明、认为、通过", re.compile(
        rf"(?:核查|核实|评审|审计|考察|调研|专家组?|会议|办公会|党组)(?:结果|意见|组)?(?:{_SPAN}{{0,8}}认为|表明|显示|发现|一致|通过|决定|为同意)")),
    ("进行了核查，核查了", re.compile(
        rf"(?:进行|开展|组织|完成)了{_SPAN}{{0,12}}(?:{_DONE})|(?:核查|核实|考察|调研|勘查|评审|审核|审查|审议)了")),
    ("研究同意、研究决定", re.compile(r"(?<!经)研究(?:同意|决定)")),
    ("尚未收到、逾期未报", re.compile(r"(?:尚未|至今未|逾期未)(?:收到|提交|报送|上报)")),
)  # fmt: skip
OUTCOME, REASON, DETAILS = "outcome", "reason", "details"
BY = {
    OUTCOME: "核对结果（when.outcome 是计算出来的）",
    REASON: "署名人在「结论」表写的理由（needs: reason）",
    DETAILS: "署名人在「结论」表写的具体事项（needs: details）",
}
_UNSUPPORTED = (
    "没有登记依据；请在 claims 写明由哪个登记栏目（when.facts、when.rows）、条件（requires）或结论证实，"
    "没有记录的就删去这句话"
)
_NOT_COMPUTED = ("concluded", "recorded", "referred")


def statements(text: str) -> Iterator[str]:
    """Each statement of WORDS that stands in a text, in the order of the list."""
    for _, pattern in WORDS:
        for found in pattern.finditer(text):
            yield found.group()


@dataclass(frozen=True, slots=True)
class Step:
    """What kind of step a statement speaks of: by the words of the statement (``said``), and by those of the stage,
    column, event or sheet that records one (``recorded``)."""

    name: str
    said: re.Pattern[str]
    recorded: re.Pattern[str]


def _step(name: str, said: str, recorded: str = "") -> Step:
    return Step(name, re.compile(said), re.compile(recorded or said))


NO_OBJECTION = "公示无异议"
STEPS: tuple[Step, ...] = (
    _step(NO_OBJECTION, "异议|公示期[间内](?:没有|无|未)"),
    _step("公示", "公示"),
    _step("实地核查", "实地|现场|考察|调研|勘查", "实地|现场|考察|勘查"),
    _step("核查", "(?<!实地)(?<!现场)(?:核查|核验)", "核查|核验|实地|现场"),
    _step("核实", "核实|查实|查明|调查", "核实|查实|查明|调查|核查"),
    _step("核对", "核对"),
    _step("初审", "初审"),
    _step("审核", "复审|审查|审核|复核"),
    _step("评审", "评审|评议|论证|专家", "评审|评议|论证|专家"),
    _step("评估", "(?<!现场)评估", "评估|评价|评审"),
    _step("遴选", "遴选"),
    _step("协商", "协商"),
    _step("审计", "审计"),
    _step("听证", "听证"),
    _step("集体研究", "研究|讨论|会商|审议|表决|会议|办公会|党组", "研究|讨论|会商|审议|表决|会议|办公会|党组|纪要"),
    _step("批准", "批准|同意|审定|核准", "批准|同意|审定|核准|批复"),
    _step("确认", "授予|确认|备案", "授予|确认|备案|认定|批准"),
)


def steps(statement: str) -> tuple[Step, ...]:
    """The steps that a statement of WORDS says were taken; none where it says what did not come (尚未收到)."""
    return tuple(step for step in STEPS if step.said.search(statement))


def unsupported(kind: LetterKind) -> Iterator[str]:
    """Statements of a kind's wording that nothing bears out, and declarations that bear out nothing; in Chinese."""
    for text in kind.wording():
        for said in dict.fromkeys(statements(text)):
            if not any(said in claim.says for claim in kind.claims if claim.says in text):
                yield f"写有「{said}」，但{_UNSUPPORTED}"
    for claim in kind.claims:
        if not any(claim.says in text for text in kind.wording()):
            yield f"claims 里的「{claim.says}」在措辞里没有"
        for by in claim.by:
            if not _guards(kind, by):
                yield (
                    f"claims 里「{claim.says}」的依据「{by}」不是这种通知书出具的前提；"
                    "前提写在 when.facts、when.rows、requires、after、needs"
                )


def _guards(kind: LetterKind, by: str) -> bool:
    """Whether the letter is never final without ``by``."""
    if by == OUTCOME:
        return kind.when.outcome not in _NOT_COMPUTED
    if by == REASON:
        return "reason" in kind.needs or kind.layout == "revocation"
    if by == DETAILS:
        return "details" in kind.needs
    rows = kind.when.rows
    return by in (*kind.when.facts, *kind.requires, *kind.after, *((f"{rows.table}.{rows.column}",) if rows else ()))
