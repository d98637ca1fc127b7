"""What stands for a blank where something must be said: 「待定」, 「/」, 「无」; and what is nobody's name.

A name is not looked up anywhere: Chinese names of two characters and more, names of the nationalities with or without
「·」, names in other scripts, several of them divided by 、 or /, and a post before or after the name all pass. What is
known to be no name, or has not the form of one, does not.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORDS = frozenset((
    "无", "没有", "暂无", "略", "同上", "同前", "如上", "见上", "空", "空白", "缺", "待填", "待填写", "待补",
    "待补充", "待定", "未定", "待确定", "待核", "未知", "不详", "填写", "示例", "某", "某某", "某某某", "na",
    "nil", "null", "none", "tbd", "tba", "todo",
))  # fmt: skip
_NOBODY = frozenset((
    "同左", "同右", "同下", "见附件", "见批件", "见原件", "见文件", "不明", "不定", "空缺", "姓名", "本人",
    "某人", "样例", "样本", "示范", "公章", "签名", "手签", "电子签", "电签", "代签", "会签", "传签", "单位",
    "本局", "本单位", "机关", "党组", "党委", "组织", "集体", "经办", "经办人", "审核", "审核人", "签发",
    "签发人", "承办人", "责任人", "系统", "自动", "默认", "管理员", "admin", "administrator", "test", "testing",
    "draft", "unknown", "pending", "signed", "sign", "user", "excel", "ok", "yes", "no", "false", "true", "tbc",
))  # fmt: skip
_TITLE = (
    "(?:(?:常务)?副?(?:局长|厅长|处长|科长|司长|部长|院长|所长|市长|区长|县长|州长|盟长|旗长|组长|会长|主任|书记|主席|秘书长)"
    "|[一二三四]?级?(?:调研员|巡视员|主任科员)|专员|同志)"
)
_PHRASE = re.compile(  # no name holds these
    r"\A[待已暂拟请无]|\A(?:有关|相关)|未(?:签|定|批|审|填|写|知|报|办|确定)|没(?:有|签|定)|待[定签]|签[字章]|盖章|填写|[草拟]稿"
    r"|会议|(?:办公|党组|党委|局务|厅务|委务|院务|常务|委员|专题|评审|班子)会|通过|同意|批准|研究|决定|审定|领导|负责人|人员"
)
_BODY = re.compile(r"\A[本我省市区县州旗][局厅委办]\Z|\A..+(?:[局厅处部室院委办]|中心|政府|党组|党委|公司|单位|机关)\Z")
_UNSAID = re.compile(r"[\W_]+")
_PARTS = re.compile(r"[、,;/\n]+")
_HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
_NOTE = re.compile(rf"\(\s*(?:{_TITLE}|[A-Za-z .'\-]{{2,}})\s*\)")
_UNKNOWN_LETTERS = re.compile(rf"(?i)\Ax+\Z|{_HAN}x+|x+{_HAN}")
_JOINTS = frozenset("·‧•・.-'’ʼ་ ")


def says_nothing(worded: str) -> bool:
    """Whether a text that must say something is blank, punctuation, or a word that stands for a blank."""
    said = _UNSAID.sub("", worded).casefold()
    return not said.strip("x") or said in _WORDS or said.startswith("请填写")


@lru_cache(maxsize=1024)
def names_nobody(person: str) -> bool:
    """Whether a text that must name one person or several does not: every part of it has to be a name."""
    text = unicodedata.normalize("NFKC", person)
    parts = [part.strip() for part in _PARTS.split(_NOTE.sub("", text))]
    return not any(parts) or any(_no_name(part) for part in parts if part)


def _no_name(part: str) -> bool:
    text = re.sub(rf"(?<={_HAN})\s+(?={_HAN})", "", part)  # 「张 三」, 「局长 张三」
    if says_nothing(text) or text.casefold() in _NOBODY or _PHRASE.search(text):
        return True
    name = re.sub(rf"\A.*{_TITLE}(?=.)|{_TITLE}\Z", "", text).strip()
    letters = [c for c in name if unicodedata.category(c)[0] in "LM" or unicodedata.category(c) == "Co"]
    if len(letters) < 2 or len(letters) + sum(c in _JOINTS or c.isspace() for c in name) < len(name):
        return True
    return name.casefold() in _NOBODY or bool(_UNKNOWN_LETTERS.search(name) or _BODY.search(name))
