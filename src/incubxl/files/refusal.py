"""Why the operating system refused to read or write, in Chinese."""

from __future__ import annotations

import errno

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


def reason(error: OSError) -> str:
    """Why the system refused, in Chinese where it is known."""
    return _REASONS.get(error.errno or 0, error.strerror or str(error) or type(error).__name__)
