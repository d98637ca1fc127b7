"""What can keep a mail from being drafted, approved or sent, as issues; and the exception that carries one out."""

from __future__ import annotations

from incubxl.grid import Place
from incubxl.issues import Issue, issue, register


class MailRefused(Exception):
    """The outbox or a command cannot go on. ``issue`` says why and how to mend it."""

    def __init__(self, found: Issue) -> None:
        super().__init__(found.message)
        self.issue = found


def refused(code: str, place: Place | None = None, **seen: object) -> MailRefused:
    """The exception for an issue code."""
    return MailRefused(issue(code, place or Place(), applicant="", **seen))


register(
    "mail.outbox_locked",
    "error",
    "发件箱「{path}」正被另一个程序占用，等了{seconds}秒还没有轮到",
    "请等另一个发送或批准的命令做完再试；确定没有别的程序在用时，重新启动电脑后再试",
    "两个人同时批准同一批邮件，其中一个的电脑休眠了",
)
register(
    "mail.outbox_full",
    "error",
    "发件箱「{path}」所在的磁盘已满，没有记下来，也没有再发",
    "请腾出磁盘空间再运行同一命令；磁盘满时正在发送的一封会标为「不明」，须先核实",
    "系统盘只剩几兆",
)
register(
    "mail.outbox_access",
    "error",
    "发件箱「{path}」打不开或写不进：{reason}",
    "请核对文件夹是否存在、有没有写入权限，或用 --outbox 指定另一个位置",
    "发件箱放在只读的共享文件夹里",
)
register(
    "mail.outbox_damaged",
    "error",
    "「{path}」不是本程序的发件箱，或已经损坏：{reason}",
    "请不要改动或删除它（里面记着哪些邮件已经发出）；从备份恢复，或请维护人员看",
    "把别的文件改名成了发件箱",
)
register(
    "mail.outbox_newer",
    "error",
    "发件箱「{path}」是更新版本的程序建立的",
    "请在这台电脑上升级 incubxl 再用",
    "两台电脑装的版本不同",
)
register(
    "mail.run_missing",
    "error",
    "「{path}」里没有可用的运行清单，不知道哪封通知书属于谁",
    "请给出 incubxl run 的结果文件夹（里面有 运行清单.json）",
    "给出的是通知书文件夹，不是结果文件夹",
)
register(
    "mail.run_again",
    "error",
    "「{file}」上次没有做完，或是旧版本程序做的，它的通知书不能寄",
    "请对这个工作簿重新运行 incubxl run",
    "上次运行时这个工作簿没有处理成",
)
register(
    "mail.register_missing",
    "error",
    "找不到登记工作簿「{file}」，不能核对收件地址",
    "请把工作簿放回原处，或重新运行 incubxl run",
    "运行以后把登记表移走了",
)
register(
    "mail.register_changed",
    "error",
    "登记工作簿「{file}」在运行以后改过，通知书和收件地址可能已经不对",
    "请重新运行 incubxl run，再起草；内容没有变的邮件不用重新批准",
    "运行以后又改了邮箱",
)
register(
    "mail.pack_changed",
    "error",
    "「{file}」所用的办法（政策包）与运行时不同",
    "请用与运行时相同的 --policies；政策包确已修改的，重新运行 incubxl run",
    "运行时用了本单位的政策包，寄信时没有写 --policies",
)
register(
    "mail.letter_missing",
    "error",
    "「{name}」的通知书「{file}」不在结果文件夹里",
    "请重新运行 incubxl run；被人移走的，放回原处",
    "通知书被剪切到别的文件夹",
)
register(
    "mail.letter_changed",
    "error",
    "「{name}」的通知书「{file}」写出以后有人改过，没有寄",
    "请重新运行 incubxl run 写出新的通知书；要改的内容请改在登记表或模板里",
    "在 Word 里打开通知书改了一个字",
)
register(
    "mail.wrong_letter",
    "error",
    "「{name}」的通知书「{file}」与收件单位对不上：{reason}",
    "请打开这份通知书核对，并请维护人员看；没有弄清以前不要寄",
    "通知书里写的是另一家单位的信用代码",
)
register(
    "mail.other_recipient",
    "info",
    "「{label}」{count}份不是给申报单位的（主送{names}），登记工作簿里没有「通讯录」表，程序不寄",
    "要用邮件寄的，在登记工作簿里加一张「通讯录」表，写「收件单位」「电子邮箱」两栏；否则请按本单位的办法送达",
    "征求区县意见的函",
)
register(
    "mail.contacts_hidden",
    "info",
    "「{file}」里的「通讯录」是隐藏的工作表，{count}份函的收件地址出自这张看不见的表",
    "请右击任一工作表标签，选「取消隐藏」，核对其中的地址；列表里没有它的（深度隐藏），请维护人员改成显示；"
    "不再用的删去，保存后再起草",
    "从去年的登记表复制来的通讯录，早已隐藏",
)
register(
    "mail.no_contact",
    "error",
    "「{label}」（关于「{name}」）主送「{to}」，「通讯录」里没有可用的邮箱：{reason}",
    "请在登记工作簿的「通讯录」表里为它写恰好一行、一个地址，保存后再起草；不用邮件寄的，按本单位的办法送达",
    "通讯录里只写了一个区，登记表里有两个区",
)
register(
    "mail.published",
    "info",
    "「{label}」{count}份是公示、公告，公开发布，程序从不用邮件寄",
    "请按办法规定的方式公开发布",
    "拟认定名单的公示",
)
register(
    "mail.no_address",
    "error",
    "「{name}」没有可用的电子邮箱：{reason}",
    "请在登记表里填写恰好一个地址，再重新运行 incubxl run",
    "邮箱一栏空着，或写了两个地址",
)
register(
    "mail.shared_address",
    "error",
    "{names}登记了同一个邮箱 {address}（{cells}），都没有起草",
    "请核对是不是填错；确实共用的，由负责人用 incubxl mail drafts --shared 地址 --by 姓名 --reason 理由 确认后再起草",
    "代办公司给两家孵化器填了自己的邮箱",
)
register(
    "mail.already",
    "error",
    "「{name}」的「{label}」已经起草过并且{state}（第{id}号邮件，{at}），这次的通知书内容不同，没有再寄",
    "确需再寄的，由负责人用 incubxl mail drafts --again 更正 或 补发，写明 --by 和 --reason",
    "发出以后改了登记表又运行了一次",
)
register(
    "mail.conflict",
    "error",
    "「{name}」的「{label}」与{others}像是同一单位，但名称、信用代码、申报编号不一致，或是同一种通知书分不开，没有起草",
    "请核对登记表里的名称和信用代码，改正后重新运行",
    "两年的登记表里同一家单位的信用代码不同",
)
register(
    "mail.sent_elsewhere",
    "error",
    "「{name}」的「{label}」在发送记录里{fate}（{at}，{who}，用的是另一个发件箱），没有再寄",
    "请改用原来的发件箱（--outbox）；找不到的，由负责人用 incubxl mail reconcile --record 结果文件夹 --by 姓名 补记",
    "发件箱被删去或换了电脑，同一个结果文件夹又起草了一次",
)
register(
    "mail.record_access",
    "error",
    "发送记录「{path}」读不出来或写不进：{reason}；记不下来的不发",
    "请核对结果文件夹是否还在、有没有写入权限、磁盘满不满，再运行同一命令",
    "结果文件夹在只读的光盘或共享里",
)
register(
    "mail.record_damaged",
    "error",
    "发送记录里的「{file}」不能补记：{reason}",
    "请从备份恢复这个文件；恢复不了的，问收件单位收到没有，不要删除它",
    "用文本编辑器改过发送记录",
)
register(
    "mail.record_altered",
    "warning",
    "发送记录里的「{file}」（{name}）写出以后有人改过，不再作为没有发出的依据，按{fate}处理",
    "请从备份恢复这个文件；恢复不了的，问收件单位收到没有。结果应当用 incubxl mail reconcile 登记，不要在文件里写",
    "用记事本在发送记录里补写了一行“没有发出”",
)
register(
    "mail.renamed",
    "error",
    "「{name}」（申报编号{number}）疑似就是第{id}号邮件（{state}，{at}）的「{other}」：{why}，信用代码分不清是不是同一家，没有起草",
    "请核对，由负责人写明 --by 和 --reason：同一家的 incubxl mail drafts --same-unit 申报编号；另一家的 --other-unit",
    "没有信用代码的单位改了名称，登记表又另存了一份；或同一发文字号换了名称和信用代码",
)
register(
    "mail.other_round",
    "error",
    "「{name}」的这份「{label}」已经列在第{round}批（第{id}号邮件，{state}，{at}），没有再起草",
    "同一份通知书只在一批里寄；确需再寄的，由负责人用 incubxl mail drafts --again 更正 或 补发",
    "用 --round 2 把第一批又起草了一遍",
)
register(
    "mail.round_unknown",
    "error",
    "「{name}」第{round}批的「{label}」（第{id}号邮件）是「{state}」，对方可能已经收到，没有起草新的一批",
    "请先用 incubxl mail reconcile 核实第一批，再起草下一批",
    "第一批发送中断，没有核实就起草第二批",
)
register(
    "mail.withdrawn",
    "warning",
    "「{name}」的「{label}」（{number}）在登记表里已经撤回，不寄",
    "不用寄的不用管；撤回一行填错的，改正后重新运行 incubxl run",
    "寄出以前又登记了撤回",
)
register(
    "mail.amended_unsent",
    "error",
    "「{name}」的「{label}」没有寄：{pair}，而原件还没有寄出，两份不能一起寄",
    "请决定：原件没有送达的，改正原件那一行、删去更正或补发一行，重新 run；原件已用别的方式送达的，更正也照样送达",
    "原件还没有寄，登记表里又加了一行更正",
)
register(
    "mail.nothing_to_repeat",
    "error",
    "「{name}」的「{label}」没有已发出的原件，不能{relation}",
    "原件还没有发出的，直接起草即可；状态不明的，先用 incubxl mail reconcile 核实",
    "原件还在待批准",
)
register(
    "mail.no_repetition",
    "error",
    "「{name}」的「{label}」与已发出的（第{id}号邮件，{at}）不是同一份文书，不能叫补发",
    "补发的是原样的一份：内容有变的，由负责人用 --again 更正；确要补发原来那份的，先把登记表改回，重新运行 incubxl run",
    "发出以后改了登记表，重新运行，又要补发",
)
register(
    "mail.not_theirs",
    "error",
    "第{id}号邮件（{name}）与现在的登记表和通知书不一致：{reason}",
    "请运行 incubxl mail drafts 重新起草，再批准",
    "批准以后登记表里的邮箱改了",
)
register(
    "mail.frozen_damaged",
    "error",
    "第{id}号邮件（{name}）存下的内容与批准时不一致：{reason}",
    "请不要发送；从备份恢复发件箱，或请维护人员看",
    "发件箱文件被别的程序改过",
)
register(
    "mail.template",
    "error",
    "邮件模板「{file}」不能使用：{reason}",
    "请对照 docs/mail.md 里的可用字段改正，再运行 incubxl policy lint",
    "模板里写了没有的字段 {{ 单位 }}",
)
register(
    "mail.unwordable",
    "error",
    "「{name}」的邮件写不成：{reason}；其他单位的不受影响",
    "请核对登记表里的单位名称；名称确是这样的，请单独送达，或在本单位的邮件模板里缩短主题",
    "单位名称一栏贴进了整段说明",
)
register(
    "mail.wrong_state",
    "error",
    "第{id}号邮件（{name}）是「{state}」，不能{act}",
    "请用 incubxl mail status 查看各封邮件的状态",
    "对已经发出的邮件再批准一次",
)
register(
    "mail.no_such",
    "error",
    "发件箱里没有第{id}号邮件",
    "请用 incubxl mail status 查看邮件的编号",
    "编号写错了",
)
