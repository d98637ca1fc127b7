"""PDFs and letters made by hand: what printing must accept or refuse, without an office program."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from pathlib import Path

import docx

from incubxl.letters import package
from incubxl.letters.text import paragraphs
from incubxl.printing.model import Source


def pdf(pages: Sequence[str], *, embedded: bool = False) -> bytes:
    """A PDF with these texts, each sign a code of its own with its Unicode value, after ISO 32000-1, 9.10.3."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"", b"", b""]
    signs = sorted(set("".join(pages)))
    kids = []
    for text in pages:
        shown = b"".join(b"%04X" % (signs.index(sign) + 1) for sign in text)
        content = b"BT /F1 12 Tf 50 700 Td <" + shown + b"> Tj ET"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    descriptor = b"/FontDescriptor << /Type /FontDescriptor /FontName /Test %s >>" % (
        b"/FontFile2 5 0 R" if embedded else b""
    )
    objects[2] = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+Test /Encoding /Identity-H /ToUnicode 4 0 R"
        b" /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Test %s >>] >>" % descriptor
    )
    chars = b"".join(
        b"<%04X> <%s>\n" % (n, sign.encode("utf-16-be", "surrogatepass").hex().encode())
        for n, sign in enumerate(signs, 1)
    )
    cmap = b"begincmap\n1 begincodespacerange <0000> <FFFF> endcodespacerange\n%d beginbfchar\n%sendbfchar\nendcmap" % (
        len(signs),
        chars,
    )
    packed = zlib.compress(cmap)
    objects[3] = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
    objects[4] = b"<< /Length 4 >>\nstream\nfont\nendstream"
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    places = []
    for n, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (n, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
    return out.getvalue()


def printed(letter: bytes, *, lacking: str = "") -> bytes:
    """A letter as a perfect office program would print it, on one page, with a font that has no sign of ``lacking``."""
    text = "".join(paragraphs(package.unpack(letter)["word/document.xml"]))
    return pdf(["".join(sign for sign in text if sign not in lacking)])


def letter(folder: Path, n: int, name: str = "", *, title: str = "", file: str = "") -> Source:
    """A small letter in ``folder``."""
    name = name or f"示例孵化器{n}有限公司"
    title = title or f"关于{name}的通知"
    document = docx.Document()
    for text in (title, f"{name}：", f"你单位的材料收悉，编号第{n}号。", "示例市科技局"):
        document.add_paragraph(text)
    path = folder / (file or f"A-{n:03d}_认定.docx")
    path.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(path))
    return Source(path, f"A-{n:03d}", name, "认定", title)
