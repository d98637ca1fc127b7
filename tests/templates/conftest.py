"""The shipped packs that load, read from their folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from incubxl.policy.load import load_pack
from incubxl.policy.pack import Pack

POLICIES = Path(__file__).parents[2] / "src" / "incubxl" / "policies"


def read_pack(pack_id: str) -> Pack:
    common = {p.name: p.read_text(encoding="utf-8") for p in (POLICIES / "common").glob("*.yaml")}
    texts = {p.name: p.read_text(encoding="utf-8") for p in (POLICIES / pack_id).glob("*.yaml")}
    pack, errors = load_pack(pack_id, texts, common)
    assert pack is not None, [str(e) for e in errors]
    return pack


@pytest.fixture(scope="session")
def urumqi() -> Pack:
    return read_pack("urumqi-intl")
