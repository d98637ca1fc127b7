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


_WINDOWS = {
    5: "没有权限",
    32: "正被其他程序占用",
    33: "有一部分被其他程序锁定",
    53: "找不到网络位置",
    64: "网络连接断开",
}
_CLOUD = range(358, 405)  # ERROR_CLOUD_FILE_… of winerror.h


def reason(error: OSError) -> str:
    """Why the system refused, in Chinese; a number where it is not known."""
    windows = getattr(error, "winerror", None)
    if windows in _WINDOWS:
        return _WINDOWS[windows]
    if error.errno is None and windows is None:  # raised by a program, in its own words
        return str(error) or type(error).__name__
    return _REASONS.get(error.errno or 0) or f"系统代码 {windows or error.errno}"


def not_downloaded(error: OSError) -> bool:
    """Whether the file is a placeholder of a cloud drive whose content did not come."""
    return getattr(error, "winerror", None) in _CLOUD


def described(error: OSError) -> str:
    """Which file, and why: ``「a.xlsx」没有权限``; the words alone where an error has only words."""
    if error.errno is None and error.args:
        return str(error.args[0])
    return f"「{Path(str(error.filename)).name}」{reason(error)}" if error.filename else reason(error)
