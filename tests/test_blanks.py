"""What stands for a blank, and what is nobody's name: real names pass, scribbles do not."""

from __future__ import annotations

import pytest

from incubxl.blanks import names_nobody, says_nothing

SCRIBBLES = (
    "", " ", "待定", "/", "无", "—", "（待签）", "待签发", "张三（拟稿）", "X", "同上", "0", "已签", "会议通过",
    "草稿", "N/A", "TBD", "示例", "XXX", "张XX", "张××", "某某", "王", "局长", "王局长", "局办公会",
    "局党组会议研究决定", "分管领导", "科技局", "示例市科学技术局", "……", "13800000000", "张三？", "李四、待定",
    "请填写签发人", "签发人", "未签", "暂无", "签字", "电子签章", "人事处", "办公室", "yes", "示例甲1",
    "zhangsan@example.org", "见附件", "负责人",
)  # fmt: skip
NAMES = (
    "张三", "李某", "示例甲", "欧阳示例", "阿依古丽·买买提", "买买提江・吐尔逊", "阿卜杜热合曼", "张三、李四",
    "张三，李四", "张三/李四", "局长 张三", "局长张三", "张三局长", "张三（副局长）", "示例市科技局副局长 李四",
    "张 三", "张　三", "𠮷田", "John Smith", "J. Smith", "José García", "O'Brien", "Иван Петров", "ئەخمەت توختى",
    "བསྟན་འཛིན", "王通", "李凤会", "张科", "王同", "任定一", "何无忌",
)  # fmt: skip


@pytest.mark.parametrize("text", SCRIBBLES)
def test_a_scribble_names_nobody(text: str) -> None:
    assert names_nobody(text)


@pytest.mark.parametrize("text", NAMES)
def test_a_name_is_a_name(text: str) -> None:
    assert not names_nobody(text)


@pytest.mark.parametrize("text", ["", "/", "……", "无", "待定", "（待定）", "n/a", "TBD", "XX", "请填写理由", "同上"])
def test_a_text_that_says_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["无正当理由逾期未报", "待定点医院盖章后领取", "示例众创空间", "X光设备", "名单有误"])
def test_a_text_that_says_something(text: str) -> None:
    assert not says_nothing(text)
