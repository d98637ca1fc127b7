"""What can be wrong with amounts and earlier payments."""

from __future__ import annotations

from incubxl.issues import register

register(
    "funding.over_used",
    "warning",
    "「{used}」（{used_value}）大于「{paid}」（{paid_value}），应退还部分按0计。",
    "请核对两项金额。",
    "已拨付300万元，核实已使用320万元",
)
register(
    "funding.history_differs",
    "warning",
    "「{label}」填{typed}，历史记录（{cells}）合计{recorded}，按历史记录计算。",
    "请核对登记表与「历史记录」。",
    "登记表填0，历史记录有50万元",
)
register(
    "funding.unlisted_award",
    "warning",
    "以前的支持「{what}」不是办法列出的称号，是不是「{label}」的一次性支持无法判断，列为待认定。",
    "是本项的，请改为「{titles}」；是别的称号的，写那个称号的名称；与本办法无关的支持，不写在这里。",
    "历史记录写「国家级孵化器」，办法写的是「国家级科技企业孵化器」",
)
register(
    "funding.twice",
    "error",
    "统一社会信用代码{uscc}在{rows}都申报「{item}」，一次性支持只能给一次，各行列为待认定。",
    "请保留一行。",
    "同一单位的国家级孵化器填了两行",
)
register(
    "funding.total_exceeded",
    "warning",
    "{label}：{items}合计{total}，超过{limit}，超出{over}。",
    "办法没有写超出时如何调减；请决定各单位核定数，改在登记表后重算。改定前有关金额列为待认定。",
    "总控制数5000万元，各单位合计5400万元",
)
register(
    "funding.ledger_differs",
    "error",
    "{why}；依据它的金额列为资料不足。",
    "请核对原始凭证，改正不对的一处，或补记台账。栏目写明「不含本次」的，本次的拨付不计入。",
    "登记表填0，资金台账有300万元",
)
register(
    "funding.ledger_lacks",
    "warning",
    "「{label}」登记为{typed}（{at}），「资金台账」没有记这一项的{kind}；按登记的计算。",
    "请在「资金台账」补记，或改正登记表。",
    "登记表填300万元，资金台账只记了别的项目",
)
register(
    "funding.ledger_unread",
    "warning",
    "「{label}」登记为{typed}（{at}），「资金台账」有读不出的行（{cells}），不能核对；按登记的计算。",
    "请补全台账的这些行。",
    "资金台账的拨付一行没有写金额",
)
