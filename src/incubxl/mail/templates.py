"""Subject and body of a mail, from small Jinja templates: shared ones, a pack's own, or one kind's own.

``mail/subject.txt``, ``mail/body.txt`` and ``mail/body.html``; ``mail/<kind id>.body.txt`` goes before them. The
fields are those of MailContext and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from html import unescape
from typing import Any

from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedEnvironment

from incubxl.letters.clean import one_line
from incubxl.letters.findings import Unprintable
from incubxl.mail.said import decided, lacking

PARTS = ("subject.txt", "body.txt", "body.html")
_LONGEST_SUBJECT = 120  # characters


class BadTemplate(Exception):
    """A template that cannot be used. ``file`` is its name, the message one Chinese clause."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(reason)
        self.file = file


class BadValue(BadTemplate):
    """One letter's own words do not fit into a template that serves for others."""


@dataclass(frozen=True, slots=True)
class MailContext:
    """Everything a mail template may use; every text stands on one line."""

    applicant: str  # full name
    applicant_id: str  # 申报编号
    year: int
    measure: str  # the measure's name in book-title marks
    label: str  # what the letter is: 认定, 补正 …
    title: str  # the letter's own: 关于…的函, 关于…的通知
    attachment: str  # file name of the letter
    office: str
    contact: str  # of the office; may be empty
    note: str  # words of the measure's force (征求意见稿, 已届满); may be empty
    relation: str  # 更正 or 补发; empty on a first mail
    relation_first: str  # the mail that is corrected or sent again: day and subject; empty on a first mail
    relation_reason: str
    number: str  # the letter's 文号; may be empty


@dataclass(frozen=True, slots=True)
class Wording:
    """A rendered mail. ``subject`` stands on one line."""

    subject: str
    text: str
    html: str


class MailTemplates:
    """The templates of one pack: file name → text, the pack's own already laid over the shared ones."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = dict(texts)
        self._compiled: dict[str, Any] = {}

    def wording(self, kind: str, context: MailContext) -> Wording:
        """Subject and bodies for one letter. Raises BadTemplate."""
        values = asdict(context)
        for name, value in values.items():
            if isinstance(value, str):
                try:
                    values[name] = one_line(value, name).strip()
                except Unprintable as error:
                    raise BadValue(self._file(kind, "body.txt"), error.reason) from error
        if values["relation"] and not values["relation_first"]:
            raise BadValue(self._file(kind, "body.txt"), f"没有写明{values['relation']}的是哪一封邮件")
        subject, text, html = (self._render(self._file(kind, part), values) for part in PARTS)
        subject = subject.strip()
        if subject and "\n" not in subject and len(subject) > _LONGEST_SUBJECT:
            raise BadValue(
                self._file(kind, "subject.txt"),
                f"单位名称或标题太长，主题{len(subject)}个字，至多{_LONGEST_SUBJECT}个",
            )
        if not subject or "\n" in subject:
            raise BadTemplate(self._file(kind, "subject.txt"), "主题应是一行，不空")
        for part, made in (("body.txt", text), ("body.html", unescape(html))):
            if not values["applicant"] or values["applicant"] not in made:
                raise BadTemplate(self._file(kind, part), "正文里没有收件单位的名称")
            if why := lacking(values, made):
                raise BadTemplate(self._file(kind, part), why)
        if str(values["relation"]) not in subject:
            raise BadTemplate(self._file(kind, "subject.txt"), f"主题里没有「{values['relation']}」的字样")
        return Wording(subject, text.strip() + "\n", html.strip() + "\n")

    def _file(self, kind: str, part: str) -> str:
        own = f"{kind}.{part}"
        return own if own in self.texts else part

    def _render(self, file: str, values: Mapping[str, object]) -> str:
        try:
            if file not in self._compiled:
                if file not in self.texts:
                    raise BadTemplate(file, "缺少这个模板")
                self._compiled[file] = _environment(file).from_string(self.texts[file])
            return str(self._compiled[file].render(values))
        except TemplateError as error:
            raise BadTemplate(file, _words(error)) from error
        except (TypeError, ValueError, ArithmeticError, AttributeError, LookupError) as error:
            raise BadTemplate(file, f"模板里的计算出错（{type(error).__name__}: {error}）") from error

    def problems(self, kinds: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """(file, what is wrong) of every template: unknown names, unknown fields, every kind in every case.

        ``kinds``: letter kind id → label.
        """
        known = {f.name for f in fields(MailContext)}
        broken: set[str] = set()
        for file, text in sorted(self.texts.items()):
            part = next((p for p in PARTS if file == p or file.endswith(f".{p}")), "")
            kind = file[: -len(part) - 1] if part and file != part else ""
            if not part or (kind and kind not in kinds):
                broken.add(file)
                yield file, "没有这种模板；可用的有 " + "、".join(PARTS) + "，前面可以加通知书种类的标识"
                continue
            try:
                unknown = meta.find_undeclared_variables(_environment(file).parse(text)) - known
            except TemplateError as error:
                broken.add(file)
                yield file, _words(error)
                continue
            yield from ((file, why) for why in decided(text))
            if unknown:
                broken.add(file)
                yield file, f"没有字段「{'」「'.join(sorted(unknown))}」；可用的有：{'、'.join(sorted(known))}"
        told: set[tuple[str, str]] = set()
        for kind, label in kinds.items():
            if any(self._file(kind, part) in broken for part in PARTS):
                continue
            for context in _cases(label):
                try:
                    self.wording(kind, context)
                except BadTemplate as error:
                    if (found := (error.file, str(error))) not in told:
                        told.add(found)
                        yield found


def _environment(file: str) -> SandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=file.endswith(".html"), trim_blocks=True, lstrip_blocks=True
    )


def _words(error: TemplateError) -> str:
    line = getattr(error, "lineno", None)
    return (f"第{line}行：" if line else "") + (error.message or type(error).__name__)


def _cases(label: str) -> Iterator[MailContext]:
    for relation in ("", "更正", "补发"):
        for filled in ("", "（示例）"):
            yield MailContext(
                applicant="示例<甲>&乙孵化器有限公司",
                applicant_id="S-01",
                year=2026,
                measure="《示例办法》",
                label=label,
                title=f"关于{label}的函",
                attachment="S-01_示例.docx",
                office="示例市科学技术局",
                contact=filled,
                note=filled,
                relation=relation,
                relation_first="2026年1月5日发出的“关于示例的函”" if relation else "",
                relation_reason="示例" if relation else "",
                number=f"示科函〔2026〕4号{filled}" if filled else "",
            )
