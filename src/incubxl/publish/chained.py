"""What chained records hash: the canonical JSON of an entry. Whoever edits one by hand leaves a hash that does not fit.

No secret is in it: it tells accidents and hands, not somebody who sets out to forge.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical(value: object) -> bytes:
    """The bytes that are hashed."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def digest(entry: Mapping[str, Any]) -> str:
    """The hash that belongs to an entry: SHA-256 over everything but its own ``hash``."""
    return hashlib.sha256(canonical({key: value for key, value in entry.items() if key != "hash"})).hexdigest()
