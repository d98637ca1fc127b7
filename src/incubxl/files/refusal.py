"""Why the operating system refused to read or write, in Chinese."""

from __future__ import annotations

import errno
from pathlib import Path

_REASONS = {
    errno.ENOSPC: "磁盘已满",
    getattr(errno, "EDQUOT", -1): "超出磁盘配额",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "这个位置是只读的",
    errno.ENAMETOOLONG: "路径太长",
    errno.ENOTDIR: "路径中有一段是文件，不是文件夹",
    errno.EEXIST: "同名的位置已有文件",
    errno.EISDIR: "同名的位置已有文件夹",
    errno.ENOENT: "上级文件夹不存在，也建不了",
    errno.EIO: "读写设备出错",
}
_IN_USE = (32, 33)  # Windows: another program has the file, or a part of it


def reason(error: OSError) -> str:
    """Why the system refused, in Chinese where it is known."""
    if getattr(error, "winerror", None) in _IN_USE:
        return "正被别的程序使用"
    return _REASONS.get(error.errno or 0, error.strerror or type(error).__name__)


def described(error: OSError) -> str:
    """Which file, and why: ``「a.xlsx」没有权限``; the words alone where an error has only words."""
    if error.errno is None and error.args:
        return str(error.args[0])
    return f"「{Path(str(error.filename)).name}」{reason(error)}" if error.filename else reason(error)
