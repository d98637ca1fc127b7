"""attested, in_principle, by_interpretation, no_ban: what a person decides, and what procedure found."""

from __future__ import annotations

import numpy as np

from incubxl.evaluation.view import BanView, Node, Reason, View
from incubxl.policy.criteria import Attested, ByInterpretation, NoBan
from incubxl.verdict import MET, NOT_MET, PENDING, UNKNOWN, all_of


class Judgement(Node):
    """A person's answer; pending until it stands on the sheet 人工判断."""

    def __init__(self, spec: Attested, view: View) -> None:
        self.view, self.spec = view, view.register.pack.judgement[spec.judgement]
        judged = view.register.judgements
        self.verdicts = view.full(PENDING)
        if judged:
            for i, applicant in enumerate(view.register.ids):
                found = judged.get((applicant, self.spec.id))
                if found is not None:
                    self.verdicts[i] = found.verdict

    def reason(self, i: int) -> Reason:
        judged = self.view.register.judgements.get((self.view.register.ids[i], self.spec.id))
        threshold = f"人工判断：{self.spec.label}"
        if judged is None:
            evidence = "、".join(self.spec.evidence)
            step = f"请对「{self.spec.label}」作人工判断（材料：{evidence}）"
            return Reason(f"{self.spec.label}：待判断", threshold, steps=(step,))
        signed = judged.signed
        value = f"{self.spec.label}：{judged.verdict.word}"
        steps = (f"补强{'、'.join(self.spec.evidence)}",) if judged.verdict == NOT_MET else ()
        return Reason(value, threshold, (signed.cell,), steps=steps, judged=(signed,))


class Principle(Node):
    """原则上: a failed check goes to a person instead of failing."""

    def __init__(self, check: Node, judgement: Judgement) -> None:
        self.check, self.judgement = check, judgement
        self.verdicts = np.where(check.verdicts == NOT_MET, judgement.verdicts, check.verdicts).astype(np.int8)

    def reason(self, i: int) -> Reason:
        own = self.check.reason(i)
        if self.check.codes[i] != NOT_MET:
            return own
        person = self.judgement.reason(i)
        return Reason(
            f"{own.value}；{person.value}",
            f"原则上{own.threshold}，否则由人判断",
            own.cells + person.cells,
            steps=person.steps,
            judged=person.judged,
        )


class Reading(Node):
    """One check per option of an open question. Unanswered, it is decided only where every option agrees."""

    def __init__(self, spec: ByInterpretation, view: View, options: dict[str, Node]) -> None:
        self.spec, self.view, self.options = spec, view, options
        answer = view.register.answers.get(spec.interpretation)
        self.chosen = options[answer.option] if answer is not None else None
        if self.chosen is not None:
            self.verdicts = self.chosen.verdicts
            return
        stack = np.stack([node.verdicts for node in options.values()])
        agree = (stack == stack[0]).all(axis=0)
        out = np.where((stack == UNKNOWN).any(axis=0), UNKNOWN, PENDING)
        self.verdicts = np.where(agree, stack[0], out).astype(np.int8)

    def reason(self, i: int) -> Reason:
        if self.chosen is not None:
            own = self.chosen.reason(i)
            return _with_settled(own, self.spec.interpretation)
        reasons = [node.reason(i) for node in self.options.values()]
        values = "；".join(dict.fromkeys(r.value for r in reasons))
        thresholds = "；口径不同则".join(dict.fromkeys(r.threshold for r in reasons))
        question = self.view.register.pack.interpretation[self.spec.interpretation]
        verdict = self.codes[i]
        steps: tuple[str, ...] = ()
        if verdict == PENDING:
            steps = (f"请在「口径」表确定「{question.question}」",)
        elif verdict != MET:
            steps = tuple(dict.fromkeys(s for r in reasons for s in r.steps))
        return Reason(
            values,
            thresholds,
            tuple(dict.fromkeys(c for r in reasons for c in r.cells)),
            tuple(dict.fromkeys(m for r in reasons for m in r.missing)) if verdict == UNKNOWN else (),
            tuple(dict.fromkeys((self.spec.interpretation, *(s for r in reasons for s in r.settled)))),
            steps,
            any(r.near for r in reasons),
            tuple(dict.fromkeys(s for r in reasons for s in r.judged)),
        )


def _with_settled(own: Reason, interpretation: str) -> Reason:
    settled = (interpretation, *own.settled)
    return Reason(own.value, own.threshold, own.cells, own.missing, settled, own.steps, own.near, own.judged)


class Unbanned(Node):
    """No sanction of these kinds forbids applying on the as-of date."""

    def __init__(self, spec: NoBan, view: View) -> None:
        self.bans: list[BanView] = [view.bans[s] for s in spec.sanctions]
        self.verdicts = all_of([ban.verdicts for ban in self.bans])

    def reason(self, i: int) -> Reason:
        told = [ban for ban in self.bans if ban.words[i]]
        value = "；".join(ban.words[i] for ban in told) or "历史记录中没有在期的禁止申报处理"
        verdict = self.codes[i]
        steps: tuple[str, ...] = ()
        if verdict in (NOT_MET, PENDING, UNKNOWN):
            steps = tuple(ban.words[i] for ban in told if ban.verdicts[i] == verdict)
        lengths = "、".join(dict.fromkeys(ban.length for ban in self.bans))
        return Reason(
            value,
            f"不在{lengths}禁止申报期内",
            tuple(ban.cells[i] for ban in told if ban.cells[i]),
            tuple(m for ban in self.bans for m in ban.missing[i]) if verdict == UNKNOWN else (),
            tuple(dict.fromkeys(q for ban in told for q in ban.interpretations)),
            steps,
        )
