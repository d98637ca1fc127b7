"""What can keep a letter from being written, as issues; and the exceptions inside this room."""

from __future__ import annotations

from incubxl.issues import register


class LetterRefused(Exception):
    """No letter. ``code`` is an issue code, the message one Chinese clause. ``applicant``: the id of the unit whose
    value it is, of a document for many; empty otherwise."""

    code = "letter.refused"
    applicant = ""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LetterIncomplete(LetterRefused):
    """The document does not say everything that it should."""

    code = "letter.incomplete"


class Unprintable(LetterRefused):
    """A value holds a character that no document can carry faithfully; ``what`` it is, in Chinese."""

    code = "letter.unprintable"

    def __init__(self, reason: str, what: str) -> None:
        super().__init__(reason)
        self.what = what


class TemplateRefused(LetterRefused):
    """The .docx template is not one that a letter may be made from."""

    code = "letter.template"


register(
    "letter.incomplete",
    "error",
    "{name}的「{label}」没有写出：{reason}。",
    "补齐所缺内容后重新运行；模板自行改过的，请与自带模板对照。",
    "模板里删掉了一段，或表格里有一栏没有内容",
)
register(
    "letter.unprintable",
    "error",
    "{name}的「{label}」没有写出：{reason}。",
    "在登记表中重新录入该内容（不要从网页或PDF直接粘贴），再重新运行。",
    "单位名称里有看不见的控制字符",
)
register(
    "letter.template",
    "error",
    "通知书模板「{label}」不能使用：{reason}。",
    "在 Word 中选中整个标签重新输入一次，或换回自带模板；可用的字段见文档。",
    "标签 {{ applicant }} 中间换了字体，被拆成两段",
)
