"""What can be wrong with a register, in Chinese: sheet, header, row, cell, count, officer."""

from __future__ import annotations

from collections.abc import Sequence

from incubxl.grid import Place, Sheet
from incubxl.issues import Issue, issue, register
from incubxl.policy.fields import Field

# sheets
register(
    "sheet.register_missing", "error",
    "找不到登记表「申报登记」；工作簿里有：{sheets}。",
    "请把登记工作表命名为「申报登记」{hint}。",
    "登记表被改名为「sheet1」",
)  # fmt: skip
register(
    "sheet.missing", "info",
    "没有工作表：{sheets}；{effects}。",
    "需要时请从模板复制同名工作表来填写{hint}。",
    "删掉了「在孵企业」工作表",
)  # fmt: skip
register(
    "sheet.twice", "warning",
    "「{first}」和「{second}」都可以作「{sheet}」，只读取了「{first}」。",
    "请只保留一张，另一张改成别的名称。",
    "同时有「申报登记」和「登记表」",
)  # fmt: skip
register(
    "sheet.hidden", "info",
    "工作表「{sheet}」是隐藏的，其中的内容照常计入。",
    "如不应计入，请删除该工作表。",
    "隐藏了「导师」工作表",
)  # fmt: skip
register(
    "sheet.settings_missing", "error",
    "找不到工作表「设置」，不知道本工作簿适用哪个办法；工作簿里有：{sheets}。",
    "请用 incubxl new 新建的模板，或从模板复制「设置」工作表。",
    "删掉了「设置」工作表",
)  # fmt: skip
register(
    "sheet.pack_missing", "error",
    "「设置」里没有写明办法标识。",
    "请在「办法标识」一行的「取值」栏填办法标识，例如 urumqi-intl。",
    "「办法标识」的取值是空的",
)  # fmt: skip
# headers
register(
    "header.not_found", "error",
    "工作表「{sheet}」前{rows}行里没有找到表头。",
    "请保留模板的表头；至少要有：{labels}。",
    "表头行被删除",
)  # fmt: skip
register(
    "header.missing", "error",
    "工作表「{sheet}」缺少必填栏目「{label}」。",
    "请补上这一栏{hint}。",
    "「统一社会信用代码」一栏被删除",
)  # fmt: skip
register(
    "header.absent", "info",
    "工作表「{sheet}」没有这些栏目，按未填处理：{labels}。",
    "需要时请按模板补上栏目{hint}。",
    "删掉了「联系电话」一栏",
)  # fmt: skip
register(
    "header.twice", "error",
    "栏目「{label}」出现了两次：{first} 和 {second}，不知道该用哪一栏，这一栏的内容都没有采用。",
    "请只保留一栏。",
    "两栏都叫「场地面积」",
)  # fmt: skip
register(
    "header.unit", "error",
    "栏目「{label}」的单位写的是「{seen}」，应为「{unit}」，这一栏的内容都没有采用。",
    "请改用「{unit}」填写，并改正表头。",
    "面积（亩）",
)  # fmt: skip
# rows
register(
    "row.no_id", "error",
    "第{row}行没有申报编号{why}，没有采用。",
    "请填写申报编号；不是申报单位的行请删除。",
    "有单位名称，没有编号",
)  # fmt: skip
register(
    "row.duplicate_id", "error",
    "申报编号「{id}」重复：{first} 与 {second}，后一行没有采用。",
    "请核对是否重复登记；是两个单位的，请改成不同编号。",
    "两行都是 A001",
)  # fmt: skip
register(
    "row.total", "info",
    "第{row}行是「{seen}」行，不作为数据行。",
    "无须处理。",
    "最后一行写着「合计」",
)  # fmt: skip
register(
    "row.note", "info",
    "第{row}行「{seen}」是说明文字，不作为数据行。",
    "如是申报单位，请按各栏分别填写。",
    "表格下方写着「注：金额单位为万元」",
)  # fmt: skip
register(
    "row.hidden", "info",
    "工作表「{sheet}」有{count}行被隐藏或筛选掉，照常计入。",
    "如不应计入，请删除这些行。",
    "筛选后没有取消",
)  # fmt: skip
register(
    "row.owner_blank", "error",
    "「{sheet}」第{row}行没有申报编号，不知道属于哪个单位。",
    "请填写「申报登记」里的申报编号。",
    "在孵企业一行没有编号",
)  # fmt: skip
register(
    "row.owner_unknown", "error",
    "「{sheet}」第{row}行的申报编号「{seen}」不在登记表里。",
    "请核对编号{hint}。",
    "写成了 A01，登记表里是 A001",
)  # fmt: skip
register(
    "row.owner_contradicts", "error",
    "「{sheet}」第{row}行的申报编号是「{id}」，信用代码「{uscc}」却与该单位的不同。",
    "请核对这一行属于哪个单位，改正编号或代码。",
    "历史记录里沿用了去年的编号",
)  # fmt: skip
# cells
register("cell.error", "error", "「{label}」是错误值 {seen}，没有采用。", "请改正公式或直接填写。", "#N/A")
register(
    "cell.uncached", "error",
    "「{label}」的公式没有保存计算结果（{seen}），没有采用。",
    "请在 Excel 或 WPS 中打开并保存一次，或直接填写数值。",
    "由程序写入、从未打开过的公式",
)  # fmt: skip
register(
    "cell.unreadable_number", "error",
    "「{label}」写的是「{seen}」，{why}。",
    "请只填一个确定的数字{unit}。",
    "约500、300–500",
)  # fmt: skip
register(
    "cell.negative", "error",
    "「{label}」是负数「{seen}」，没有采用。",
    "请核对后改填不小于零的数。",
    "-5",
)  # fmt: skip
register("cell.not_integer", "error", "「{label}」应为整数，写的是「{seen}」。", "请填整数。", "3.5 家")
register(
    "cell.implausible", "warning",
    "「{label}」为「{seen}」，大得少见（常见不超过{limit}），已照原样采用。",
    "请核对数字和单位，例如是否把元和万元、亩和平方米混了。",
    "单位万元的栏里填了 3000000",
)  # fmt: skip
register(
    "cell.percent_mixed", "warning",
    "「{label}」的「{seen}」读作 {shown}，而本栏另有大于1的数。",
    "请核对；百分之二十请写 20%，不要写 0.2。",
    "同一栏里有 20 和 0.2",
)  # fmt: skip
register(
    "cell.unreadable_date", "error",
    "「{label}」写的是「{seen}」，{why}。",
    "请写成完整日期，例如 2023-10-30。",
    "2023年10月、3/4/2023",
)  # fmt: skip
register(
    "cell.unreadable_year", "error",
    "「{label}」写的是「{seen}」，不是四位年份。",
    "请填四位年份，例如 2025。",
    "25年",
)  # fmt: skip
register(
    "cell.unreadable_boolean",
    "error",
    "「{label}」写的是「{seen}」，不是「是」或「否」。",
    "请填「是」或「否」。",
    "部分",
)
register(
    "cell.unknown_choice", "error",
    "「{label}」写的是「{seen}」，不在可选项中。",
    "请从下拉列表选：{choices}{hint}。",
    "把「离岸孵化器」写成「离岸」",
)  # fmt: skip
register(
    "cell.not_applicable", "error",
    "「{label}」写的是「不适用」，这一栏必须有内容。",
    "请如实填写；没有数据请留空，确实为零请填 0。",
    "面积填「不适用」",
)  # fmt: skip
register(
    "cell.no_name", "error",
    "「{label}」写的是「{seen}」，不是名称。",
    "请填单位的全称；本单位的通知书只出草稿。",
    "名称还没有定，先填了「待定」",
)  # fmt: skip
register(
    "cell.digits_lost", "error",
    "「{label}」的长数字「{seen}」按数值保存，后几位已经丢失。",
    "请把单元格设为文本格式，重新录入。",
    "18位代码显示为 9.165E+17",
)  # fmt: skip
register(
    "cell.unreadable_code", "error",
    "「{label}」写的是「{seen}」，不是统一社会信用代码。",
    "请填18位统一社会信用代码；没有的请留空。",
    "无",
)  # fmt: skip
register(
    "cell.check_digit", "warning",
    "「{label}」的「{seen}」{why}，已照原样采用。",
    "请对照营业执照或法人证书核对。",
    "末位录错",
)  # fmt: skip
register(
    "cell.bad_email", "error",
    "「{label}」写的是「{seen}」，{why}，没有采用。",
    "请只填一个完整的电子邮箱，例如 office@example.com。",
    "a@example.com;b@example.com",
)  # fmt: skip
register(
    "cell.bad_phone", "warning",
    "「{label}」的「{seen}」不像一个电话号码，已照原样采用。",
    "请填一个手机号码或带区号的固定电话。",
    "12",
)  # fmt: skip
register(
    "cell.bad_text", "error",
    "「{label}」里有看不见的字符（编码 {why}），没有采用。",
    "请双击单元格，删去全部内容后用键盘重新录入，不要从网页或别的系统直接粘贴。",
    "从别的系统复制来的控制字符",
)  # fmt: skip
register(
    "cell.normalised", "info",
    "「{label}」有{count}处按常见写法读取：{examples}。",
    "请核对读取结果；无误则无须处理。",
    "500平方米 读作 500",
)  # fmt: skip
register(
    "cell.required_blank", "warning",
    "必填栏目「{label}」有{count}处空着：{examples}。",
    "请补填。",
    "单位名称空着",
)  # fmt: skip
# counts
register(
    "count.total_disagrees", "warning",
    "「{label}」填报总数为{total}（{cell}），明细行得出{counted}（{source}），采用明细行的结果。",
    "请核对总数和明细，改正其中一处。",
    "总数填6，明细去重后是5",
)  # fmt: skip
register(
    "count.repeated", "info",
    "「{label}」有重复的行，只计一次：{pairs}。",
    "请核对是否重复登记。",
    "同一家企业登记了两行",
)  # fmt: skip
register(
    "count.no_reference_year", "warning",
    "「设置」里没有填统计年度，「{labels}」无法确定哪些行属于该年度。",
    "请在「设置」里填写统计年度。",
    "统计年度空着",
)  # fmt: skip
# officers' sheets
register(
    "officer.incomplete", "error",
    "「{sheet}」第{row}行缺少{lacks}，没有生效。",
    "请补齐后重新运行。",
    "改判没有写姓名",
)  # fmt: skip
register(
    "officer.unknown_item", "error",
    "「{sheet}」第{row}行的「{label}」写的是「{seen}」，本办法没有这一项，没有生效。",
    "请从下拉列表选{hint}。",
    "判断事项名称写错",
)  # fmt: skip
register(
    "officer.conflict", "error",
    "{first} 与 {second} 对同一事项（{item}）的内容不一致，都没有生效。",
    "请只保留一行。",
    "同一单位同一事项既写符合又写不符合",
)  # fmt: skip
register(
    "officer.repeated", "info",
    "{first} 与 {second} 重复（{item}），只采用前一行。",
    "请删去重复的一行。",
    "同一判断登记了两行",
)  # fmt: skip
register(
    "officer.no_year", "error", "「设置」里没有填申报年度。", "请在「设置」里填写四位年度，例如 2026。", "申报年度空着"
)
register(
    "officer.setting_twice", "error",
    "设置项「{label}」出现了两次：{first} 和 {second}，内容不同，都没有采用。",
    "请只保留一行。",
    "两行都是申报年度",
)  # fmt: skip


def headless(sheet: Sheet, fields: Sequence[Field]) -> Issue:
    """The sheet has something on it, but no header."""
    labels = "、".join([f.label for f in fields if f.required] or [f.label for f in fields[:3]])
    return issue("header.not_found", Place(sheet.name), sheet=sheet.name, rows=30, labels=labels)
