"""What can be wrong with a scoring round and its returns."""

from __future__ import annotations

from incubxl.issues import register

register(
    "scoring.experts_sheet", "error",
    "专家名单里没有找到「代号」和「单位」两栏，或没有一位专家。",
    "请用一张表写明代号、单位、专业、回避单位、声明关系，每位专家一行。",
    "专家名单只有姓名一栏",
)  # fmt: skip
register(
    "scoring.expert_lacks", "error",
    "专家名单第{row}行的「{lacks}」空着或读不出。",
    "请补全；没有单位就无法判断本人单位回避。",
    "某位专家没有写单位",
)  # fmt: skip
register(
    "scoring.expert_twice", "error", "专家代号「{expert}」写了两行。", "请给每位专家一个代号。", "两位专家都写 E01"
)  # fmt: skip
register(
    "scoring.tie_misspelt", "error",
    "专家「{expert}」声明的「{name}」不是任何申报单位的名称，是不是指「{near}」。",
    "请照登记表的单位名称或申报编号写（一格写几家的用顿号分开）；确实不是申报单位的，从名单里删去。",
    "星河科技有限公司写成星合科技有限公司",
)  # fmt: skip
register(
    "scoring.tie_unknown", "warning",
    "专家「{expert}」声明的「{name}」不是本年度的申报单位。",
    "请核对写法；确实没有申报的不用处理。",
    "声明回避一家没有申报的单位",
)  # fmt: skip
register(
    "scoring.short", "error",
    "「{name}」（{id}）需要{needed}位专家，可以评的只有{count}位（{allowed}）；须回避的：{barred}。",
    "请增加专家，或减少每个单位的专家数；回避不能放宽，没有分配任何专家。",
    "四位专家中三位与申报单位同一单位",
)  # fmt: skip
register(
    "scoring.no_scheme", "error",
    "{why}，没有可以下发的评分表。",
    "请按当年方案填写「评价指标」表，由专家打分的指标用直接打分、加分项或不写数据来源的扣分项。",
    "「评价指标」表是空的",
)  # fmt: skip
register(
    "scoring.class_open", "error",
    "「{name}」（{id}）适用哪些指标还不能确定：{why}。",
    "请先补齐登记表，评分表才不会缺指标。",
    "申报类型空着，而指标按类型分",
)  # fmt: skip
register(
    "scoring.round_exists", "error",
    "「{folder}」里已有轮次「{name}」的评分表，与这次的分配不同，没有覆盖。",
    "已经下发的请照原分配回收；要重新分配的，用 --out 另指定一个文件夹。",
    "下发以后登记表又加了一家，再次运行下发",
)  # fmt: skip
register(
    "scoring.kept", "warning",
    "「{file}」写出以后有人改过，没有覆盖。",
    "要重新写出的，请先把它移走。",
    "把收回的评分表存进了下发文件夹",
)  # fmt: skip
register(
    "scoring.no_round", "error",
    "找不到轮次记录「{path}」，或它已损坏。",
    "请用 --round 指定下发评分表的文件夹。",
    "把下发文件夹改了名",
)  # fmt: skip
register(
    "scoring.other_workbook", "error",
    "轮次「{name}」是为办法「{pack}」{year}年度下发的，与这个工作簿不同。",
    "请核对工作簿和轮次。",
    "拿今年的工作簿读去年的评分表",
)  # fmt: skip
register(
    "scoring.changed_since", "error",
    "下发评分表以后登记工作簿改过：{what}。",
    "请改回下发时的内容再回收；确实要改的，另用一个文件夹重新下发。",
    "下发以后把申报编号给了另一家单位",
)  # fmt: skip
register(
    "scoring.not_a_book", "warning",
    "「{file}」不是本程序下发的评分表，没有采用。",
    "请确认是不是放错了文件；评分表里隐藏的「标识」一栏不能删。",
    "文件夹里混进了会议通知",
)  # fmt: skip
register(
    "scoring.other_round", "error",
    "「{file}」有{count}行不属于本轮，没有采用。",
    "请核对是不是别的轮次的评分表，或「标识」一栏被改动。",
    "专家交回了上一轮的评分表",
)  # fmt: skip
register(
    "scoring.mixed_book", "error",
    "「{file}」里混有{experts}等几位专家的行，整份没有采用。",
    "请每位专家各交自己的评分表。",
    "把两位专家的评分表粘在一起",
)  # fmt: skip
register(
    "scoring.whose_book", "error",
    "「{file}」上写的专家代号是「{written}」，而内容是专家「{expert}」的，整份没有采用。",
    "请向专家核实是谁评的。",
    "专家借用了别人的评分表，改了代号",
)  # fmt: skip
register(
    "scoring.row_added", "error",
    "专家「{expert}」的评分表多出一行（「{shown}」的「{indicator}」），没有采用{why}。",
    "只采用下发的行；需要增加评审单位的请另行分配。",
    "专家给没有分配的单位也打了分",
)  # fmt: skip
register(
    "scoring.tampered", "error",
    "专家「{expert}」评分表这一行的「{label}」与下发时不同（现为「{seen}」，原为「{issued}」），这一行没有采用。",
    "请在原评分表上重新填写这一行。",
    "只对得分一栏排序，分数错了行",
)  # fmt: skip
register(
    "scoring.over", "error",
    "专家「{expert}」对「{shown}」的「{indicator}」打了{score}分，不在0至{top}分之间，没有采用。",
    "请专家更正。",
    "满分10分打了95分",
)  # fmt: skip
register(
    "scoring.versions", "error",
    "专家「{expert}」对「{shown}」的「{indicator}」有两个不同的分：{first}（{first_at}）和{second}（{second_at}），都没有采用。",
    "请专家确认以哪一份为准，把另一份移出文件夹。",
    "专家交了两次，第二次改了分",
)  # fmt: skip
register(
    "scoring.twice", "info",
    "专家「{expert}」的评分表交回了{count}份（{files}），相同的分只计一次。",
    "不用处理；要留一份的请把其余移出文件夹。",
    "同一份评分表发了两遍邮件",
)  # fmt: skip
register(
    "scoring.excused", "warning",
    "专家「{expert}」对「{shown}」填了回避。",
    "请核对是否需要另派专家；该项不计入这位专家的分。",
    "专家看到名单后声明回避",
)  # fmt: skip
register(
    "scoring.not_back", "warning",
    "专家「{expert}」的评分表没有交回（{count}项）。",
    "请催交；没有交回的不按零分计。",
    "专家还没有交评分表",
)  # fmt: skip
register(
    "scoring.missing", "warning",
    "专家「{expert}」还有{count}项没有打分（{shown}）。",
    "请专家补齐；没有打分的不按零分计。",
    "漏打一项",
)  # fmt: skip
