"""The office's own workdays: ``workdays.toml`` in the user's settings folder, beside the mail account."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from incubxl.grid import Place
from incubxl.issues import register
from incubxl.mail.findings import MailRefused, refused
from incubxl.mail.settings import settings_file
from incubxl.workdays import OfficeDays

FILE = "workdays.toml"
EXAMPLE = """\
# 本单位的上班日和休息日，先于国务院办公厅公布的放假安排。日期不加引号；下面只是写法的例子。
years = [2027]            # 这些年的放假调休已全部列在下面：没有列出的，周一至周五上班，周末休息
off = [2027-01-01]        # 放假、调休休息的日子
worked = [2027-01-03]     # 周末调休上班的日子
"""

register(
    "mail.workdays",
    "error",
    "本单位的工作日文件「{path}」不能使用：{reason}",
    "请照 docs/mail.md 里的写法改正；不需要的，删去这个文件",
    "日期加了引号，或写了 2 月 30 日",
)


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    years: list[Annotated[int, Field(ge=2000, le=2100)]] = []
    off: list[dt.date] = []
    worked: list[dt.date] = []


def read_office_days() -> OfficeDays:
    """The office's days; none where there is no file. Raises MailRefused for a file that cannot be read."""
    path = settings_file().with_name(FILE)
    try:
        found = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except FileNotFoundError:
        return OfficeDays()
    except (OSError, UnicodeDecodeError) as error:
        raise refused("mail.workdays", Place(file=str(path)), path=path, reason="打不开，或不是 UTF-8 文本") from error
    except tomllib.TOMLDecodeError as error:
        raise refused("mail.workdays", Place(file=str(path)), path=path, reason=f"写法不对：{error}") from error
    except ValidationError as error:
        names = "、".join(dict.fromkeys(str(one["loc"][0]) for one in error.errors()))
        why = f"{names} 写得不对；只能写 years（年份）、off 和 worked（日期，不加引号）"
        raise refused("mail.workdays", Place(file=str(path)), path=path, reason=why) from error
    return OfficeDays(frozenset(found.worked), frozenset(found.off), frozenset(found.years))


def office_days_or_word() -> tuple[OfficeDays, str]:
    """The office's days; where its file cannot be read none, and a Chinese sentence that says so."""
    try:
        return read_office_days(), ""
    except MailRefused as error:
        return OfficeDays(), f"{error.issue.bare}，以下没有用它；{error.issue.remedy}"
