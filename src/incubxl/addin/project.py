"""``vbaProject.bin`` from sources alone: [MS-OVBA]. No compiled code; Excel compiles when it loads the project.

2.3.4.1 tells a writer to put version 0xFFFF and no performance cache into ``_VBA_PROJECT`` and 2.3.4.3 lets a module
begin at offset 0 with its compressed source; that is all this does. Code page 1252, texts ASCII.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from incubxl.addin.cfb import compound_file
from incubxl.addin.compress import compress
from incubxl.addin.sources import Module

NAME = "IncubXL"
ID = "{6E3C7B52-9A41-4D0C-8F25-1B7A60D94C3E}"
_STDOLE = (
    "stdole",
    r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation",
)
_VERSION = (0x5120A7E5, 6)  # any; Excel counts up when it saves


def vba_project(modules: Sequence[Module]) -> bytes:
    """The compound file with these modules, in this order."""
    streams = {m.name: compress(m.code()) for m in modules}
    streams["dir"] = compress(_dir(modules))
    streams["_VBA_PROJECT"] = struct.pack("<HHBH", 0x61CC, 0xFFFF, 0, 0)
    return compound_file({"VBA": streams, "PROJECT": _project(modules), "PROJECTwm": _names(modules)})


def _record(id: int, data: bytes) -> bytes:
    return struct.pack("<HI", id, len(data)) + data


def _both(id: int, id_unicode: int, text: str) -> bytes:
    """A text in the code page and in UTF-16."""
    return _record(id, text.encode("ascii")) + _record(id_unicode, text.encode("utf-16-le"))


def _number(id: int, value: int) -> bytes:
    return _record(id, struct.pack("<I", value))


def _short(id: int, value: int) -> bytes:
    return _record(id, struct.pack("<H", value))


def _dir(modules: Sequence[Module]) -> bytes:
    """The dir stream (2.3.4.2): information, references, modules."""
    name, library = _STDOLE
    libid = library.encode("ascii")
    parts = [
        _number(0x01, 1),  # SysKind: Windows
        _number(0x02, 0x409),
        _number(0x14, 0x409),
        _short(0x03, 1252),
        _record(0x04, NAME.encode("ascii")),
        _both(0x05, 0x40, ""),  # description
        _record(0x06, b"") + _record(0x3D, b""),  # help files
        _number(0x07, 0),
        _number(0x08, 0),
        struct.pack("<HIIH", 0x09, 4, *_VERSION),
        _both(0x0C, 0x3C, ""),  # constants
        _both(0x16, 0x3E, name),
        _record(0x0D, struct.pack("<I", len(libid)) + libid + bytes(6)),
        _short(0x0F, len(modules)),
        _short(0x13, 0xFFFF),
    ]
    for module in modules:
        parts += [
            _both(0x19, 0x47, module.name),
            _both(0x1A, 0x32, module.name),  # the stream's name
            _both(0x1C, 0x48, ""),
            _number(0x31, 0),  # the source begins at the stream's first byte
            _number(0x1E, 0),
            _short(0x2C, 0xFFFF),
            _record(0x21 if module.kind == "module" else 0x22, b""),
            _record(0x2B, b""),
        ]
    return b"".join(parts) + _record(0x10, b"")


def _project(modules: Sequence[Module]) -> bytes:
    """The PROJECT stream (2.3.1): not protected, no password, visible."""
    kinds = [f"Document={m.name}/&H00000000" if m.kind == "document" else f"Module={m.name}" for m in modules]
    lines = [
        f'ID="{ID}"',
        *kinds,
        f'Name="{NAME}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{encrypt(bytes(4), ID, 0x2C)}"',
        f'DPB="{encrypt(bytes(1), ID, 0x58)}"',
        f'GC="{encrypt(bytes([0xFF]), ID, 0x84)}"',
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{m.name}=0, 0, 0, 0, C" for m in modules),
    ]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _names(modules: Sequence[Module]) -> bytes:
    """The PROJECTwm stream (2.3.3): each name in the code page and in UTF-16."""
    return b"".join(m.name.encode("ascii") + b"\0" + m.name.encode("utf-16-le") + b"\0\0" for m in modules) + b"\0\0"


def encrypt(data: bytes, project: str, seed: int) -> str:
    """Data Encryption (2.4.3.2) of a protection state, password or visibility, as hexadecimal digits."""
    key = sum(project.encode("ascii")) & 0xFF
    out = bytearray((seed, seed ^ 2, seed ^ key))
    plain = key
    filler = bytes((seed & 6) // 2)
    for byte in filler + struct.pack("<I", len(data)) + data:
        out.append(byte ^ (out[-2] + plain & 0xFF))
        plain = byte
    return out.hex().upper()
