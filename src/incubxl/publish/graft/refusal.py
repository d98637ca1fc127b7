"""Why a workbook cannot take our sheets. One code per cause; the results then go into a workbook of their own."""

from __future__ import annotations

from incubxl.grid import Place
from incubxl.issues import Issue, issue, register

_SEPARATE = "结果已另写成单独的工作簿，内容相同"


class Refused(Exception):
    """Raised inside the graft only; ``graft.look`` and ``graft.graft`` make an issue of it."""

    def __init__(self, code: str, **seen: object) -> None:
        super().__init__(code)
        self.code, self.seen = code, seen

    def issue(self, file: str) -> Issue:
        return issue(self.code, Place(file=file), applicant="", **self.seen)


def kept(file: str, sheet: str, title: str, *, known: bool) -> Issue:
    """One of our sheets that stays as it is under another ``title``. ``known``: that a person has changed it."""
    why = "有人改过" if known else "有没有人改过，看不出来"
    return issue("graft.kept", Place(sheet=title, file=file), sheet=sheet, kept=title, why=why)


register(
    "graft.signed",
    "info",
    "工作簿带有数字签名，加入任何内容都会使签名失效，没有加进副本",
    f"{_SEPARATE}；确要写进副本，请用去掉签名的工作簿重新运行",
    "在“文件—信息—添加数字签名”里签过名的工作簿",
)
register(
    "graft.shared",
    "info",
    "工作簿启用了“共享工作簿”（带修订记录），不能加工作表",
    f"{_SEPARATE}；也可在“审阅”里取消共享、保存后重新运行",
    "多人同时编辑、带修订记录的旧式共享工作簿",
)
register(
    "graft.structure_locked",
    "info",
    "工作簿的结构受保护，不允许增加工作表，没有加进副本",
    f"{_SEPARATE}；也可在“审阅—保护工作簿”里取消结构保护、保存后重新运行",
    "“保护工作簿”时勾选了“结构”",
)
register(
    "graft.strict",
    "info",
    "工作簿是“Strict Open XML”格式，不能加进副本",
    f"{_SEPARATE}；也可在 Excel 里另存为“Excel 工作簿(*.xlsx)”后重新运行",
    "另存类型选了“Strict Open XML 电子表格”",
)
register(
    "graft.kind",
    "info",
    "工作簿的扩展名与内容不符（{seen}），Excel 不会打开这样的副本",
    f"{_SEPARATE}；请在 Excel 里按原来的类型另存一次",
    "把 .xlsm 改名成 .xlsx，或把模板（.xltx）改名成 .xlsx",
)
register(
    "graft.title_taken",
    "info",
    "工作簿里已有名为{titles}的工作表，不是本程序写的，不能覆盖",
    f"{_SEPARATE}；也可把这些工作表改名后重新运行",
    "登记工作簿里自己建了一张「问题清单」",
)
register(
    "graft.kept",
    "warning",
    "以前写的结果表「{sheet}」写出以后{why}，没有覆盖：原表在副本里改名为「{kept}」，内容照旧，以后就是您自己的表",
    "请核对「{kept}」里的备注，用不着了就自己删去；要长期保留的内容请写在登记表或自己的工作表里",
    "在「条件核对」的旁边写了一列处理意见",
)
register(
    "graft.result_in_use",
    "info",
    "以前写的结果表「{sheet}」这次不再有，而工作簿里还有公式、名称或图表引用它，没有去掉它",
    f"{_SEPARATE}；请把引用改到自己的工作表，或把这张结果表改成别的名字（以后就是您自己的表）后重新运行",
    "去年有「经费核定」，在自己的表里写了 =经费核定!B3，今年的办法不核定经费",
)
register(
    "graft.too_many_styles",
    "info",
    "工作簿的单元格格式已有 {count} 种，再加就超过 Excel 的上限（64000 种）",
    f"{_SEPARATE}；也可清理多余的单元格格式后重新运行",
    "多年互相粘贴、格式越积越多的工作簿",
)
register(
    "graft.zip_kind",
    "info",
    "工作簿的压缩包不是 Excel 通常写出的样子（{seen}），没有加进副本",
    f"{_SEPARATE}；也可用 Excel 打开后另存一次，再重新运行",
    "压缩包用了 ZIP64，或后面接着别的内容",
)
register(
    "graft.unusual",
    "info",
    "工作簿的内部结构不是 Excel 通常写出的样子（{seen}），没有加进副本",
    f"{_SEPARATE}；也可用 Excel 打开后另存一次，再重新运行",
    "别的程序写出的工作簿，缺少 [Content_Types].xml 里的登记",
)
register(
    "graft.not_proved",
    "info",
    "副本写好后没有通过核对（{what}），没有采用",
    f"{_SEPARATE}；请把这个工作簿交给维护人员",
    "程序没有见过的工作簿结构",
)
