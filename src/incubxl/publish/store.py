"""Files by their content: a folder in which every name is the SHA-256 of what the file holds."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

from incubxl.publish.atomic import write_bytes


class BlobStore:
    """The contents in ``folder``; the first two characters are a subfolder. No endings, lest a run reads them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where a content lies, or would."""
        return self.folder / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        return len(sha256) == 64 and self.path(sha256).is_file()

    def put(self, data: bytes) -> str:
        """Keep ``data``, whole or not at all; gives its SHA-256. One that is there is marked as used now."""
        digest = hashlib.sha256(data).hexdigest()
        path = self.path(digest)
        if path.is_file() and path.stat().st_size == len(data):
            os.utime(path)
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, data)
        return digest

    def get(self, sha256: str) -> bytes:
        """The content. Raises FileNotFoundError, and ValueError where it no longer fits its name."""
        data = self.path(sha256).read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ValueError(f"「{self.path(sha256)}」的内容与它的校验值不符，已经损坏")
        return data

    def remove(self, sha256: str) -> None:
        """Forget a content; one that is not there is no error."""
        self.path(sha256).unlink(missing_ok=True)

    def sweep(self, days: int) -> int:
        """Remove contents that were last used more than ``days`` ago; how many. 0 days: none."""
        if days <= 0 or not self.folder.is_dir():
            return 0
        limit, count = time.time() - days * 86400, 0
        for path in self.folder.glob("??/*"):
            if len(path.name) == 64 and path.stat().st_mtime < limit:
                path.unlink(missing_ok=True)
                count += 1
        return count
