"""What a reader must be told beside the decision: readings used, soft rules, a measure without dates."""

from __future__ import annotations

from incubxl.assess.model import Assessment, Determination
from incubxl.issues import sentence
from incubxl.letters.outcome import payable, sanction_questions
from incubxl.policy.letters import LetterKind
from incubxl.policy.pack import Force
from incubxl.verdict import Verdict


def notes(
    assessment: Assessment, determination: Determination, kind: LetterKind, *, final: bool = False
) -> tuple[str, ...]:
    """Chinese sentences, each once. What the office has not chosen yet stands on no final letter."""
    said: dict[str, None] = {}
    if assessment.force is Force.UNDATED and assessment.notice:
        said[sentence(assessment.notice)] = None
    for id, option, source in _readings(assessment, determination, kind):
        question = assessment.pack.interpretation.get(id)
        if question and (option or not final):
            answer = question.option_label(option) if option else "未确定"
            basis = source or ("本单位选定" if option else "尚未选定")
            said[f"口径：{question.question}——{answer}（{basis}）。"] = None
    if kind.layout == "payment":
        for line in payable(assessment, determination, kind):
            for note in line.notes:
                said[sentence(f"{line.label}：{note}")] = None
    return tuple(said)


def _readings(assessment: Assessment, determination: Determination, kind: LetterKind) -> list[tuple[str, str, str]]:
    """(interpretation, option, legal source) that this letter rests on."""
    shown = {"refusal": Verdict.NOT_MET, "correction": Verdict.UNKNOWN}  # what the letter's table is about
    if kind.matter == "application":
        return [
            (used.id, used.option, used.source)
            for result in determination.results
            if not result.advisory and result.verdict is shown.get(kind.layout, result.verdict)
            for used in result.interpretations
        ]
    used: list[str] = []
    if kind.matter == "sanction":
        used = list(sanction_questions(assessment, determination, kind))
    elif kind.matter == "funding":
        lines = payable(assessment, determination, kind)
        gates = _gates(assessment, {line.item for line in lines})
        used = [*(id for line in lines for id in line.interpretations), *(gates if lines else ())]
    answers = assessment.register.answers
    return [(id, answers[id].option, answers[id].source) if id in answers else (id, "", "") for id in used]


def _gates(assessment: Assessment, items: set[str]) -> list[str]:
    """The questions on whose answers it rests that these items are paid at all: each of their gates asks them."""
    return [
        id for item in assessment.pack.funding.items if item.id in items for gate in item.gates for id in gate.under
    ]
