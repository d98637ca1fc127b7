"""The pictures of README.zh-CN.md, from the samples as they are now.

``python -m tests.tools.pictures`` runs two samples in a temporary folder, lets LibreOffice print workbooks and letters
to PDF, and writes the upper part of the pages that the README shows to ``docs/images/*.png``. It needs LibreOffice,
poppler-utils (pdftoppm, pdftotext) and a Chinese font; without them it says so and exits with 2.
"""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops

from incubxl.batch.model import Options
from incubxl.batch.run import inline, run

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
XINJIANG, SHANGHAI = "xinjiang-makerspace-2026", "shanghai-hq-2025"
MOST_BYTES = 150_000
_DAY = dt.datetime(2026, 6, 15, 9, 0)
_TOOLS = {"soffice": "LibreOffice", "pdftoppm": "poppler-utils", "pdftotext": "poppler-utils"}


@dataclass(frozen=True)
class Page:
    """The first printed page of ``sheet`` (a letter: its first page) of the document, cropped.

    ``part`` is the share (left, top, right, bottom) of the page inside its white margins.
    """

    document: str  # file name without its extension, as in ``_documents``
    sheet: str
    part: tuple[float, float, float, float]


@dataclass(frozen=True)
class Picture:
    """Pages side by side, scaled to ``width`` pixels in all."""

    name: str
    pages: tuple[Page, ...]
    width: int = 1200
    colours: int = 112  # fewer make two verdicts one colour


_RESULT = f"结果_{XINJIANG}"
PICTURES = (
    Picture("1-guide", (Page(XINJIANG, "填写说明", (0, 0, 1, 0.62)),), 900),
    Picture("2-register", (Page(XINJIANG, "申报登记", (0, 0, 0.62, 0.5)),)),
    Picture("3-summary", (Page(_RESULT, "结果汇总", (0, 0, 1, 0.5)),)),
    Picture("4-conditions", (Page(_RESULT, "条件核对", (0, 0, 0.72, 0.62)),)),
    Picture("5-lacking", (Page(_RESULT, "差什么", (0, 0, 1, 0.55)),)),
    Picture("6-problems", (Page(_RESULT, "问题清单", (0, 0, 1, 0.9)),)),
    Picture("7-money", (Page(f"结果_{SHANGHAI}", "经费核定", (0, 0, 0.75, 0.42)),)),
    Picture(
        "8-letters", (Page("X26-02_不予备案", "", (0, 0, 1, 1)), Page("X26-09_补正", "", (0, 0, 1, 1))), colours=48
    ),
)


def main() -> int:
    """Render every picture. 0 done, 2 a tool is missing or a picture came out too big."""
    return render(PICTURES, IMAGES, _documents)


def render(pictures: Sequence[Picture], images: Path, documents: Callable[[Path], dict[str, Path]]) -> int:
    """Render ``pictures`` into ``images``. ``documents`` makes what they show, by a short name, in an empty folder."""
    missing = sorted({package for tool, package in _TOOLS.items() if not shutil.which(tool)})
    if missing:
        print("没有装" + "、".join(missing) + "，不能渲染图片", file=sys.stderr)
        return 2
    images.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        pdfs = _print(documents(Path(folder)), Path(folder))
        for picture in pictures:
            target = images / f"{picture.name}.png"
            _picture(picture, pdfs).save(target, optimize=True)
            size = target.stat().st_size
            print(f"{target.name} {size // 1024} KB")
            if size > MOST_BYTES:
                print(f"{target.name} 超过 {MOST_BYTES // 1000} KB", file=sys.stderr)
                return 2
    return 0


def _documents(folder: Path) -> dict[str, Path]:
    """The workbooks and letters that the pictures show, by a short name."""
    own = [ROOT / "samples" / f"{name}.xlsx" for name in (XINJIANG, SHANGHAI)]
    out = folder / "结果"
    done = run(own, Options(out, None, _DAY.date(), _DAY, into_copy=False), inline)
    if done.failed:
        raise RuntimeError("、".join(d.task.shown for d in done.failed))
    found = {path.stem: path for path in [*own, *out.glob("*/结果_*.xlsx")]}
    letters = sorted(out.glob(f"{XINJIANG}/通知书/*.docx"))
    found |= {"_".join(path.stem.split("_")[:2]): path for path in letters}
    return {name: found[name] for name in dict.fromkeys(page.document for p in PICTURES for page in p.pages)}


def _print(documents: dict[str, Path], folder: Path) -> dict[str, Path]:
    """The PDF of every document, from one start of LibreOffice with a profile of its own."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    _call("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, *documents.values())
    return {name: folder / f"{path.stem}.pdf" for name, path in documents.items()}


def _call(*words: str | Path) -> str:
    done = subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True, timeout=300)
    return done.stdout


def _picture(picture: Picture, pdfs: dict[str, Path]) -> Image.Image:
    parts = [_page(page, pdfs[page.document]) for page in picture.pages]
    gap = 40 if len(parts) > 1 else 0
    whole = Image.new(
        "RGB", (sum(p.width for p in parts) + gap * (len(parts) - 1), max(p.height for p in parts)), "white"
    )
    left = 0
    for part in parts:
        whole.paste(part, (left, 0))
        left += part.width + gap
    height = round(whole.height * picture.width / whole.width)
    return whole.resize((picture.width, height), Image.Resampling.LANCZOS).quantize(picture.colours)


def _page(page: Page, pdf: Path) -> Image.Image:
    number = _number(page.sheet, _call("pdftotext", pdf, "-").split("\f"))
    target = pdf.with_name("page")
    _call("pdftoppm", "-r", "200", "-png", "-f", str(number), "-l", str(number), "-singlefile", pdf, target)
    with Image.open(target.with_suffix(".png")) as opened:
        image = opened.convert("RGB")
    image = image.crop(_ink(image))
    left, top, right, bottom = page.part
    box = (image.width * left, image.height * top, image.width * right, image.height * bottom)
    return image.crop(tuple(round(edge) for edge in box))  # type: ignore[arg-type]


def _number(sheet: str, pages: Sequence[str]) -> int:
    """1-based number of the first page whose first line (the printed header) is the sheet's name."""
    if not sheet:
        return 1
    for number, text in enumerate(pages, 1):
        if text.strip().split("\n")[0].strip() == sheet:
            return number
    raise RuntimeError(f"no printed page of the sheet {sheet}")


def _ink(image: Image.Image) -> tuple[int, int, int, int]:
    """The page without its white margins."""
    found = ImageChops.difference(image, Image.new("RGB", image.size, "white")).getbbox()
    return found or (0, 0, image.width, image.height)


if __name__ == "__main__":
    raise SystemExit(main())
