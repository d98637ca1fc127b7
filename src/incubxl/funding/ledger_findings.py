"""What can be wrong with the ledger of money. Nothing is cut silently: every violation is told with its cells."""

from __future__ import annotations

from incubxl.issues import register

_CHECK = "请核对出处所列的行和文件；情况属实的由主管部门处理，程序不自动调减。"

register(
    "ledger.incomplete",
    "error",
    "{file} {cell} 的台账行缺少{lacks}，没有计入，有关单位的合计列为资料不足。",
    "请补填；空着不是零。",
    "拨付一行没有写金额",
)
register(
    "ledger.unknown_item",
    "error",
    "{file} {cell} 的资金项目「{seen}」不是办法里的项目，没有计入，有关单位的合计列为资料不足。",
    "请写办法里的项目：{known}。几个项目同名的，写明出资方。",
    "资金项目写「补助」",
)
register(
    "ledger.other_payer",
    "error",
    "{file} {cell} 的「{seen}」由{right}支付，出资方却填{payer}，没有计入，有关单位的合计列为资料不足。",
    "请核对资金项目和出资方。",
    "市级运营补贴的出资方填了区级",
)
register(
    "ledger.paid_over_approved",
    "error",
    "{name}「{item}」{stage}已拨付{paid}，超过核定{approved}，多{over}（{cells}）。",
    _CHECK,
    "核定500万元，拨付520万元",
)
register(
    "ledger.approved_over_entitled",
    "error",
    "{name}「{item}」{stage}核定{approved}，超过按办法（{clause}）应得的{entitled}，多{over}（{cells}）。",
    _CHECK,
    "上限500万元，核定520万元",
)
register(
    "ledger.paid_over_entitled",
    "error",
    "{name}「{item}」{stage}已拨付{paid}，超过按办法（{clause}）应得的{entitled}，多{over}（{cells}）。",
    _CHECK,
    "上限500万元，没有核定记录，拨付520万元",
)
register(
    "ledger.not_entitled",
    "error",
    "{name}「{item}」{stage}按办法不应得（{clause}：{reason}），台账却有核定或拨付{amount}（{cells}）。",
    _CHECK,
    "年度评价结果为停止支持，仍有拨付",
)
register(
    "ledger.no_approval",
    "warning",
    "{name}「{item}」{stage}已拨付{paid}，没有核定的记录（{cells}）。",
    "请在「资金台账」补记核定数和文号。",
    "只记了拨付，没有记核定",
)
register(
    "ledger.early",
    "error",
    "{name}「{item}」{stage}{on} 拨付{amount}，早于{label}（{day}）（{cells}）。",
    _CHECK,
    "三方合同 2024-01-15 订立，2024-01-10 已拨付",
)
register(
    "ledger.no_day",
    "warning",
    "{name}「{item}」{stage}有拨付，{lacks}没有填，不能核对是否先于{label}拨付（{cells}）。",
    "请补填日期。",
    "拨付一行没有日期",
)
register(
    "ledger.twice",
    "error",
    "{name}「{item}」{stage}同一笔拨付{amount}记了{times}次（{cells}）。",
    "重复登记的请删去一行；确实拨付了两次的请核对文号，由主管部门处理。",
    "同一天、同一金额、同一文号记了两行",
)
register(
    "ledger.once",
    "error",
    "{name}「{item}」是一次性支持（{clause}），台账有{times}笔拨付，合计{paid}（{cells}）。",
    _CHECK,
    "同一称号两年各拨付一次",
)
register(
    "ledger.over_used",
    "error",
    "{name}「{item}」{stage}核实使用{used}，超过已拨付{paid}（{cells}）。",
    "请核对两项金额；应退还部分按0列出。",
    "拨付300万元，核实使用320万元",
)
register(
    "ledger.over_refunded",
    "error",
    "{name}「{item}」{stage}退还{refunded}，超过已拨付{paid}（{cells}）。",
    "请核对两项金额。",
    "拨付300万元，退还320万元",
)
register(
    "ledger.lifetime_exceeded",
    "error",
    "{name}{label}（{clause}）：历年{kind}合计{total}，超过{cap}，多{over}（{cells}）。",
    _CHECK,
    "市级总额控制1500万元，历年拨付1600万元",
)
register(
    "ledger.lifetime_open",
    "warning",
    "{name}{label}（{clause}）：历年{kind}合计{total}，是否超过取决于没有确定的口径或资料：{why}。",
    "请先确定口径，或补齐资料。",
    "第二、第三年分别还是合计，口径未定",
)
register(
    "ledger.total_exceeded",
    "error",
    "{label}（{clause}）：{year}年{kind}合计{total}，超过总控制数{cap}，多{over}。",
    "办法没有写超出时如何调减；由主管部门决定。",
    "总控制数5000万元，当年拨付合计5400万元",
)
