"""funding.yaml: caps, matching, shares. Replaced parameters and facts are named, never written as numbers here."""

from __future__ import annotations

from incubxl.policy.fields import Strict


class FundingPolicy(Strict):
    """Filled by the funding room."""

    note: str = ""
