"""letters.yaml: which letters the measure knows, on what clauses, and which outcome allows each.

The wording of a measure's letter is data here; the layout (.docx) is shared. A kind names one of the base layouts
in ``policies/common/letters/``; a pack may carry its own ``letters/<kind id>.docx``.
"""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, model_validator

from incubxl.policy.fields import Id, Strict, Text

Layout = Literal[
    "correction", "recognition", "refusal", "evaluation_result", "payment", "revocation",
    "notice",  # a step told to the applicant: nothing is decided
    "about",  # to a third party about one applicant: district, expert, authority
    "announcement",  # one document for many applicants
    "amendment",  # 更正, 撤回, 补发 of an earlier letter
    "announcement_amendment",  # 更正公告, 撤回公告: of an earlier announcement
]  # fmt: skip
Form = Literal["letter", "official", "announcement"]  # 信函格式, 公文 with a red head, 公示/公告
Matter = Literal["application", "evaluation", "funding", "sanction", "notice"]  # notice: decides nothing
Recipient = Literal[
    "applicant",
    "district",  # the office that recommends or reviews first (区县, 地州市, 协会)
    "expert",  # named on the sheet 结论
    "authority",  # the office above, to which is recommended
    "public",  # 公示, 公告: one document of all applicants whose conclusion names the kind
]
Need = Literal["details", "reason", "reference"]
Outcome = Literal[
    "eligible_met",  # every condition is met
    "eligible_not_met",  # a condition is not met
    "facts_missing",  # conditions, grade or money cannot be computed: facts are missing or unreadable
    "graded",  # the year's rules gave a grade (one of ``grades`` where given)
    "funding_met",  # an item of money was computed (one of ``items`` where given)
    "sanction_recorded",  # the history sheet holds such a sanction in the register's year
    "concluded",  # nothing is computed: only a named official's conclusion can bring it
    "recorded",  # the register says that the steps ``facts`` were done: a date stands there, or 是; never proposed
    "waived",  # the applicant counts as having given up the evaluation
    "referred",  # the conclusion names the earlier letter (number, date, kind) that this one amends
]
_PUBLIC = ("announcement", "announcement_amendment")
_AMENDING = ("amendment", "announcement_amendment")
_BURDENING = ("refusal", "evaluation_result", "revocation")  # layouts with 事实、依据、理由、救济
_SILENT = ("concluded", "recorded", "referred")  # outcomes that a person must ask for
PLACEHOLDERS: dict[str, str] = {
    "name": "单位名称",
    "track": "申报类型",
    "year": "申报年度",
    "grade": "评价等级",
    "score": "评价总分",
    "measure": "办法名称",
    "noun": "申报对象（孵化器、众创空间……）",
    "days": "补正期限天数（设置表）",
    "office": "本单位名称（设置表）",
    "publicity_days": "公示天数（设置表）",
    "refers_number": "关联文书的文号",
    "refers_date": "关联文书的日期",
    "refers_kind": "关联文书的名称",
    "refers_letter": "关联文书的称呼：《标题》；发出时的标题不知道的，为“种类”文书",
}
_LABEL = re.compile(r"[\w（）、]{1,14}\Z")  # stands in file names, whole and as it is
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class LetterClause(Strict):
    """A clause that the letter cites, with its exact words. ``tracks`` empty: for every track."""

    clause: Text
    quote: Text
    tracks: tuple[Id, ...] = ()


class Rows(Strict):
    """Rows of a sheet that must record a step: at least one of the applicant's, and ``column`` holds a date on each.

    ``since``: a date of the register; the last of these days is not before it.
    """

    table: Id
    column: Id
    since: Id | None = None


class Claim(Strict):
    """A statement of the wording that a step was taken, with what bears it out (``policy.claims``).

    ``by``: facts of ``when.facts``, ``table.column`` of ``when.rows``, criteria of ``requires``, kinds of ``after``, or
    ``outcome``, ``reason``, ``details``. All of them.
    """

    says: Text
    by: tuple[Text, ...] = Field(min_length=1)


class When(Strict):
    """The outcome that proposes a letter and without which it is never final; the other keys narrow it.

    ``grades``: grade labels. ``items``: funding item ids. ``sanctions``: sanction ids of procedure.yaml.
    ``not_recognised``: not for an applicant who was recognised before the register's year (history sheet, or the
    policy's ``recognised_on``). ``eligible``: beside a grade, every condition must be met. ``facts``: steps that the
    register must record as done, whatever the outcome; ``rows``: those that a sheet of its own must. ``asked_only``: a
    computed outcome that allows the letter but proposes none, where the measure leaves it to the office.
    """

    outcome: Outcome
    grades: tuple[Text, ...] = ()
    items: tuple[Id, ...] = ()
    sanctions: tuple[Id, ...] = ()
    not_recognised: bool = False
    eligible: bool = False
    facts: tuple[Id, ...] = ()
    rows: Rows | None = None
    asked_only: bool = False

    @property
    def silent(self) -> bool:
        """Whether only a conclusion brings the letter."""
        return self.asked_only or self.outcome in _SILENT

    @model_validator(mode="after")
    def _narrowing_fits(self) -> When:
        fits = {
            "grades": ("graded",),
            "items": ("funding_met",),
            "sanctions": ("sanction_recorded",),
            "eligible": ("graded",),
        }
        for key, outcomes in fits.items():
            if getattr(self, key) and self.outcome not in outcomes:
                raise ValueError(f"{key} 只能与 outcome: {' 或 '.join(outcomes)} 同时使用")
        if self.outcome == "recorded" and not self.facts:
            raise ValueError("outcome: recorded 须写明 facts（登记表的栏目）")
        return self


class LetterKind(Strict):
    """One kind of letter.

    ``label`` is what an official picks on the sheet 结论. ``form``: how it is set out unless the office's setting
    公文格式 asks for another; an announcement stays one. ``title``, ``opening``, ``decision``, ``reasoning`` and
    ``closing`` may hold the placeholders of PLACEHOLDERS in braces. ``decision`` paragraphs say what is decided;
    ``reasoning`` says why the facts fall under the clauses (理由). ``formal``: an administrative decision, which a
    measure in draft never yields without the office's final document number. ``adverse`` (or a grade listed in
    ``adverse_grades``): the letter carries 事实、依据、理由、救济, and is a draft while the office gave no remedy text.
    ``requires``: criteria of the procedure (公示无异议 …), advisory ones too, that must be met before it is final.
    ``questions``: open questions that must be answered before it is final (who decides and signs).
    ``recipient``: to whom. ``addressee``: how the recipient is called, with at most one fact of the register in braces
    (``{district}科技局``); what stands on the conclusion's row comes first, and an expert is named only there.
    ``needs``: what the conclusion's row must hold beside its signature: 具体事项, 理由, 关联文号. ``after``: kinds of
    which a signed conclusion must stand for the same applicant first. ``claims``: statements of the wording that a step
    was taken, each with what bears it out.
    """

    id: Id
    label: Text
    layout: Layout
    form: Form = "letter"
    matter: Matter
    title: Text
    opening: Text
    decision: tuple[Text, ...] = ()
    reasoning: Text | None = None
    closing: tuple[Text, ...] = ()
    clauses: tuple[LetterClause, ...] = ()
    duties: tuple[LetterClause, ...] = ()
    when: When
    formal: bool = True
    adverse: bool = False
    adverse_grades: tuple[Text, ...] = ()
    requires: tuple[Id, ...] = ()
    questions: tuple[Id, ...] = ()
    tracks: tuple[Id, ...] = ()
    recipient: Recipient = "applicant"
    addressee: str = ""
    needs: tuple[Need, ...] = ()
    after: tuple[Id, ...] = ()
    claims: tuple[Claim, ...] = ()

    @model_validator(mode="after")
    def _addressed(self) -> LetterKind:
        if (self.recipient == "public") != (self.layout in _PUBLIC):
            raise ValueError("recipient: public 与 layout: announcement 或 announcement_amendment 必须同时使用")
        if self.recipient == "public" and (of_one := self.placeholders() & {"name", "track", "grade", "score"}):
            raise ValueError("公示是许多单位一份，措辞里不能用 " + "、".join(sorted(of_one)))
        if self.addressee and self.recipient not in ("district", "authority"):
            raise ValueError("addressee 只用于 recipient: district 或 authority")
        if len(_PLACEHOLDER.findall(self.addressee)) > 1:
            raise ValueError("addressee 里至多一个登记表栏目")
        if (self.when.outcome == "referred") != self.amends:
            raise ValueError("outcome: referred 与 layout: amendment 或 announcement_amendment 必须同时使用")
        if (self.layout == "about") != (self.recipient in ("district", "expert", "authority")):
            raise ValueError("layout: about 与 recipient: district、expert 或 authority 必须同时使用")
        if (self.adverse or self.adverse_grades) and self.layout not in _BURDENING:
            raise ValueError("不利的通知书须用载有事实、依据、理由、救济的版式：" + "、".join(_BURDENING))
        return self

    @model_validator(mode="after")
    def _complete(self) -> LetterKind:
        if not _LABEL.match(self.label):
            raise ValueError("label 至多14个字，只用文字、括号和顿号（要写进文件名）")
        if not self.clauses and not self.amends:  # its basis is the letter that it amends
            raise ValueError("每种通知书至少写明一条依据 clauses")
        if not self.closing:  # a line of text goes with the signature to whatever page it stands on
            raise ValueError("须写明 closing（结束语，如 特此通知。）")
        if (self.adverse or self.adverse_grades) and not self.reasoning:
            raise ValueError("不利决定须写明 reasoning（理由）")
        if not self.decision and self.layout != "correction":
            raise ValueError("须写明 decision（决定或告知的内容）")
        for text in self.wording():
            for name in _PLACEHOLDER.findall(text):
                if name not in PLACEHOLDERS:
                    raise ValueError(f"未知的占位「{{{name}}}」；可用的有：" + "、".join(PLACEHOLDERS))
        return self

    @property
    def amends(self) -> bool:
        """Whether it is about an earlier letter or announcement: 更正, 撤回, 补发."""
        return self.layout in _AMENDING

    def wording(self) -> tuple[str, ...]:
        """Every text that may hold placeholders."""
        return (self.title, self.opening, *self.decision, self.reasoning or "", *self.closing)

    def is_adverse(self, grade: str) -> bool:
        """Whether the letter burdens its reader, given the grade it tells."""
        return self.adverse or grade in self.adverse_grades

    def placeholders(self) -> frozenset[str]:
        """Names of PLACEHOLDERS that the wording uses."""
        return frozenset(name for text in self.wording() for name in _PLACEHOLDER.findall(text))

    def addressee_fact(self) -> str:
        """The fact of the register that names the recipient; empty when none does."""
        return next(iter(_PLACEHOLDER.findall(self.addressee)), "")


class LetterPolicy(Strict):
    """The kinds in the order in which they are proposed. ``note``: what the measure leaves out about letters."""

    note: str = ""
    recognised_on: str = ""  # the date fact that says when the applicant was recognised, beside the history sheet
    kinds: tuple[LetterKind, ...] = ()

    @model_validator(mode="after")
    def _unique(self) -> LetterPolicy:
        for key in ("id", "label"):
            seen = [getattr(k, key) for k in self.kinds]
            if len(set(seen)) < len(seen):
                raise ValueError(f"通知书种类的 {key} 重复")
        return self

    def kind(self, text: str) -> LetterKind | None:
        """The kind whose id or label an official wrote; None when there is none."""
        wanted = text.strip()
        return next((k for k in self.kinds if wanted in (k.id, k.label)), None)


def fill(text: str, values: dict[str, str]) -> str:
    """Put ``values`` into the placeholders of ``text`` in one pass: braces in a value stay what they are."""
    return _PLACEHOLDER.sub(lambda m: values[m.group(1)], text)
