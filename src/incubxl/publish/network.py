"""Whether a path lies on a network share: locks are then marker files, and SQLite must not use WAL."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_SHARES = frozenset({
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "afpfs", "webdav", "davfs",
    "fuse.sshfs", "fuse.davfs2", "fuse.gvfsd-fuse", "fuse.rclone",
})  # fmt: skip
_REMOTE = 4  # GetDriveTypeW


def on_network(path: Path, mounts: str | None = None) -> bool:
    """As far as the system tells. ``mounts``: the text of /proc/self/mounts to go by instead of the system's own."""
    folder = path.resolve()
    if str(path).startswith(("\\\\", "//")) or str(folder).startswith("\\\\"):
        return True
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.kernel32.GetDriveTypeW(f"{os.path.splitdrive(folder)[0]}\\") == _REMOTE)
    if mounts is None:
        try:
            mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
        except OSError:  # macOS has none
            return False
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        where = fields[1].replace("\\040", " ")
        inside = where == "/" or str(folder) == where or str(folder).startswith(f"{where}/")
        if inside and len(where) >= len(best):
            best, kind = where, fields[2]
    return kind in _SHARES
