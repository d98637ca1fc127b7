"""funding.yaml, ``recorded``: facts that say what the ledger of money says too, so that both can be held together."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from incubxl.policy.fields import Id, Strict


class Recorded(Strict):
    """A typed sum whose meaning is money that the ledger records: rows of ``kind``, of these ``items`` or of this
    ``payer`` (as the ledger names it), in these support years (``stages``; empty: all).

    ``before``: the fact leaves out this time's own payment (不含本次), that of the row's support year or, for an item
    without stages, of the workbook's year. ``other_tracks``: only items that are not of the applicant's own track.
    ``apart``: a choice fact that names a track whose items have a fact of their own (an earlier title): they may be
    counted here or left out. ``of``: a choice fact that names the track whose items are meant (an earlier title).
    ``elsewhere``: rows of other workbooks alone; those of its own the item's ``past`` looks at. An amount that the
    office fixes (核定数) is no such fact: it limits what may be paid and need not equal it.
    """

    fact: Id
    kind: Literal["approved", "paid", "verified", "refunded"]
    items: tuple[Id, ...] = ()
    payer: str = ""
    stages: tuple[int, ...] = ()
    before: bool = False
    other_tracks: bool = False
    apart: str = ""
    of: str = ""
    elsewhere: bool = False

    @model_validator(mode="after")
    def _of_something(self) -> Recorded:
        if not (self.items or self.payer or self.other_tracks or self.of):
            raise ValueError("须写明 items、payer、other_tracks 或 of")
        return self
