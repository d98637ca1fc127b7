"""The add-in: built from its sources alone, the same bytes every time, accepted by readers that are not ours."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import olefile
import pytest
from lxml import etree
from oletools.olevba import VBA_Parser

from incubxl.addin.package import build
from incubxl.addin.project import ID, encrypt
from incubxl.addin.sources import Sources, read_sources
from incubxl.addin.store import ADDIN, differences


def texts(data: bytes) -> dict[str, str]:
    """What olevba reads: every module's file name and text."""
    parser = VBA_Parser("incubxl.xlam", data=data)
    try:
        return {file: text for _, _, file, text in parser.extract_macros()}
    finally:
        parser.close()


def test_the_committed_addin_is_what_its_sources_give(sources: Sources) -> None:
    assert differences(sources, ADDIN) == []
    assert ADDIN.read_bytes() == build(sources)


def test_olevba_shows_exactly_the_sources(sources: Sources) -> None:
    found = texts(ADDIN.read_bytes())
    assert list(found) == [m.file for m in sources.modules]
    for module in sources.modules:
        assert found[module.file].replace("\r\n", "\n") == module.text, module.file


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("Launcher.bas", "xl/vbaProject.bin"),
        ("customUI14.xml", "customUI/customUI14.xml"),
        ("texts.toml", "xl/worksheets/sheet1.xml"),
    ],
)
def test_a_changed_source_is_noticed(macros: Path, file: str, part: str) -> None:
    path = macros / file
    changed = path.read_text(encoding="utf-8")
    path.write_text(changed.replace("Windows", "Windows95").replace("日志", "记录"), encoding="utf-8")
    assert differences(read_sources(macros), ADDIN) == [f"incubxl.xlam 的 {part} 与 macros 里的源文件不一致"]


def test_line_ends_of_a_checkout_on_windows_change_nothing(macros: Path) -> None:
    for path in macros.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert differences(read_sources(macros), ADDIN) == []


def test_a_missing_or_broken_addin_is_said(sources: Sources, tmp_path: Path) -> None:
    assert differences(sources, tmp_path / "incubxl.xlam") == ["没有 incubxl.xlam"]
    (tmp_path / "incubxl.xlam").write_bytes(b"PK")
    assert differences(sources, tmp_path / "incubxl.xlam") == ["incubxl.xlam 不是完整的加载项"]


def test_no_compiled_code_and_no_surprise_in_the_project(sources: Sources) -> None:
    with zipfile.ZipFile(ADDIN) as archive:
        assert all(i.compress_type == zipfile.ZIP_STORED for i in archive.infolist())
        project = archive.read("xl/vbaProject.bin")
    file = olefile.OleFileIO(io.BytesIO(project), raise_defects=olefile.DEFECT_UNSURE)
    assert file.openstream("VBA/_VBA_PROJECT").read() == bytes.fromhex("cc61ffff000000")
    names = {m.name for m in sources.modules}
    assert {"/".join(n) for n in file.listdir()} == {
        "PROJECT", "PROJECTwm", "VBA/dir", "VBA/_VBA_PROJECT", *(f"VBA/{n}" for n in names),
    }  # fmt: skip
    lines = file.openstream("PROJECT").read().decode("ascii").splitlines()
    assert lines[:3] == [f'ID="{ID}"', "Document=ThisWorkbook/&H00000000", "Document=Sheet1/&H00000000"]


def test_the_encryption_of_the_project_stream() -> None:
    """Decrypted as [MS-OVBA] 2.4.3.3 says; the last vector is what an Excel project in the wild holds for its id."""
    project = "{318BEE36-5BE1-492A-826D-473DB19B0F30}"
    key = sum(project.encode("ascii")) % 256
    for found, data in (
        (encrypt(bytes(4), project, 0x2C), bytes(4)),
        (encrypt(b"\xff", project, 0x5A), b"\xff"),
        ("5D5F8AADDAA8DEA8DEA8DEA8DE", bytes(4)),
    ):
        raw = bytes.fromhex(found)
        seed = raw[0]
        assert raw[1] ^ seed == 2
        assert raw[2] ^ seed == key
        plain, above, before = key, raw[1], raw[2]
        out = bytearray()
        for byte in raw[3:]:
            plain = byte ^ (above + plain & 0xFF)
            above, before = before, byte
            out.append(plain)
        skipped = (seed & 6) // 2
        assert int.from_bytes(out[skipped : skipped + 4], "little") == len(data)
        assert out[skipped + 4 :] == data


@pytest.mark.validator
def test_microsofts_validator_accepts_it_and_reads_the_ribbon(
    validate: Callable[[Path], list[str]], macros: Path, tmp_path: Path
) -> None:
    assert validate(ADDIN) == []
    ribbon = macros / "customUI14.xml"
    ribbon.write_text(ribbon.read_text(encoding="utf-8").replace('size="large"', 'size="huge"', 1), encoding="utf-8")
    spoilt = tmp_path / "spoilt.xlam"
    spoilt.write_bytes(build(read_sources(macros)))
    assert any("size" in line for line in validate(spoilt))


def test_the_ribbon_part_uses_the_relationship_of_its_namespace() -> None:
    with zipfile.ZipFile(ADDIN) as archive:
        relationships = etree.fromstring(archive.read("_rels/.rels"))
        ribbon = etree.fromstring(archive.read("customUI/customUI14.xml"))
    kinds = {r.get("Target"): r.get("Type") for r in relationships}
    assert kinds["customUI/customUI14.xml"] == (
        "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
    )
    assert ribbon.tag == "{http://schemas.microsoft.com/office/2009/07/customui}customUI"
