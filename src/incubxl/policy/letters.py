"""letters.yaml: which letters the measure knows, on what clauses."""

from __future__ import annotations

from incubxl.policy.fields import Strict


class LetterPolicy(Strict):
    """Filled by the letters room."""

    note: str = ""
