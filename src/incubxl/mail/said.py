"""What a mail's own words must say and must not: it brings a letter, and decides and reports nothing itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from incubxl.policy.claims import statements

_TAGS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<[^>]*>", re.DOTALL)
_DO = "认定|备案|授予|取消|撤销|拨付|核减|追回|批准|同意"
DECIDES = re.compile(
    rf"(?:决定|予以|不予|准予)(?:{_DO}|支持|通过)|决定如下"
    r"|[你贵]单位[^，。；！？“”]{0,12}(?:符合|(?<!未)通过(?:评审|审核|审议|验收|认定|考核|评价)|未通过|获得|入选|落选|合格)"
    rf"|(?:{_DO})[你贵]单位|恭喜|祝贺|遗憾"
)
SHOWN = {
    "title": "所附文书的标题",
    "note": "办法效力的说明（征求意见稿、已届满）",
    "relation": "「更正」或「补发」的字样",
    "relation_first": "更正、补发的是哪一封",
    "relation_reason": "更正、补发的原因",
}


def decided(text: str) -> Iterator[str]:
    """Why fixed words of a template do not serve, in Chinese: a step reported as taken, or a decision."""
    for line in _TAGS.sub("\n", text).splitlines():
        for said in dict.fromkeys(statements(line)):
            yield f"写有「{said}」，邮件模板对每一封都照写，而这一环节不一定有记录；请删去，以所附文书为准"
        for found in DECIDES.finditer(line):
            yield f"写有「{found.group()}」，像是决定；决定由署名人在所附文书里作出，邮件只写附了什么、与谁联系"


def lacking(values: Mapping[str, object], made: str) -> str:
    """The first thing of SHOWN that there is and that a finished body does not say, in Chinese; empty when none."""
    for name, what in SHOWN.items():
        if (value := str(values[name])) and value not in made:
            return f"正文里没有{what}（{name}）"
    return ""
