"""The Urumqi pack (a draft with two tracks) and an engine over the shared layouts."""

from __future__ import annotations

import pytest

from incubxl.files.packs import PackStore
from incubxl.letters.engine import LetterEngine
from incubxl.letters.shelf import templates
from incubxl.policy.pack import Pack


@pytest.fixture(scope="session")
def urumqi(packs: PackStore) -> Pack:
    return packs.pack("urumqi-intl")


@pytest.fixture(scope="session")
def xinjiang(packs: PackStore) -> Pack:
    return packs.pack("xinjiang-makerspace")


@pytest.fixture(scope="session")
def engine() -> LetterEngine:
    return LetterEngine(templates({}))
