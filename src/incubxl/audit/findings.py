"""What can be wrong with an audit record."""

from __future__ import annotations

from incubxl.issues import register as define

_ASK = "请保留这个文件夹不动，另取一份备份对照；查清是谁、为什么改的，再决定能不能采信这些结果"

define(
    "audit.failed",
    "error",
    "审计记录写不进去：{reason}；这次运行的结束没有记录",
    "请腾出空间或检查权限，再用同样的命令加 --resume 运行",
    "运行到最后磁盘满了",
)
define(
    "audit.none",
    "error",
    "「{path}」里没有审计记录",
    "请核对是不是运行结果的文件夹；记录被删去的，从备份取回",
    "删去了审计记录.jsonl",
)
define(
    "audit.edited",
    "error",
    "第 {n} 条（{what}）写入后被改动：按内容算出的校验值是 {now}…，记录上写的是 {then}…",
    _ASK,
    "把一条记录里的输入校验值改成别的",
)
define(
    "audit.respelt",
    "error",
    "第 {n} 条（{what}）的写法被改动：内容相同，文件里的字节不同",
    _ASK,
    "用记事本打开记录后另存，加上了回车",
)
define(
    "audit.missing",
    "error",
    "{which}被删去：第 {before} 条之后直接是第 {n} 条",
    _ASK,
    "删去中间一条记录",
)
define(
    "audit.order",
    "error",
    "第 {line} 行应是第 {wanted} 条，实际是第 {n} 条：次序被调换，或重复插入",
    _ASK,
    "两条记录调换了位置",
)
define(
    "audit.unlinked",
    "error",
    "第 {n} 条（{what}）接不上第 {before} 条：它记的上一条校验值是 {said}…，实际是 {real}…",
    _ASK,
    "改动前一条以后重算了它自己的校验值",
)
define("audit.not_entry", "error", "第 {line} 行不是审计记录：「{seen}」", _ASK, "用记事本在记录里加了一行字")
define(
    "audit.torn",
    "warning",
    "第 {line} 行没有写完整（写入时断电或程序被结束），以后的记录已接着第 {n} 条继续",
    "不必处理；那一次运行请再做一次",
    "写记录时断电",
)
define(
    "audit.torn_end",
    "warning",
    "最后一行没有写完整（写入时断电或程序被结束，或末尾被截去），能核对到第 {n} 条",
    "请再运行一次，程序会注明并接着记；有印出的校验值时用 --head 核对",
    "写记录时断电",
)
define(
    "audit.head_unknown",
    "error",
    "印出的校验值 {head}… 不在记录里：记录在那以后被截短，或被整个改写（现有 {n} 条，末条校验值 {last}…）",
    "请先核对校验值有没有抄错；没有抄错的，" + _ASK,
    "删去最后几条记录",
)
define(
    "audit.head_manifest",
    "error",
    "「{path}」记着运行 {run} 的审计校验值 {head}…，审计记录里没有这一条：记录被截短，或被整个改写",
    _ASK,
    "删去最后几条记录",
)
define(
    "audit.lost",
    "error",
    "第 {n} 条（运行开始）写明：那时运行清单.json 里的校验值 {head}… 已不在记录里，记录在那以前被截短、清空或重写",
    _ASK,
    "清空审计记录以后又运行了一次",
)
define(
    "audit.beside",
    "warning",
    "旁边还有{files}：像是网盘同步时冲突的副本，或另一台电脑写的记录，其中的运行不在这条链里",
    "请另放一个文件夹分别核验；以后请不要在两台电脑上同时往同步的文件夹里写结果",
    "两台电脑各写了一份，网盘留下「审计记录 (冲突).jsonl」",
)
define(
    "audit.head_bad",
    "error",
    "「{head}」不是校验值",
    "请从结果工作簿的「运行记录」或运行结束时的提示抄写，至少前 16 位（0-9、a-f）",
    "--head 123",
)
define(
    "audit.unended",
    "warning",
    "运行 {run}（第 {n} 条）没有结束的记录：中途被结束，或还在运行",
    "请用同样的命令加 --resume 再运行一次",
    "运行中断电",
)
define(
    "audit.output_changed",
    "warning",
    "「{file}」与第 {n} 条记录的校验值不符：写出以后被人改过",
    "要原样的请再运行一次；改过的内容以谁为准，由本单位决定",
    "打开结果工作簿加了一列",
)
define(
    "audit.output_gone",
    "info",
    "「{file}」不在了（第 {n} 条记着写出过它）",
    "移走或归档的不必处理",
    "把通知书移到了归档文件夹",
)
