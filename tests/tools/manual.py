"""The manual: README.zh-CN.md as one HTML page with its pictures inside, for a reader without a network.

``page()`` gives the text; ``python -m tests.tools.docs`` writes it to ``src/incubxl/files/manual.html``.
"""

from __future__ import annotations

import base64
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "README.zh-CN.md"

_STYLE = """
body { max-width: 52rem; margin: 0 auto; padding: 1.5rem; color: #1f2328; background: #fff; line-height: 1.7;
  font-family: "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif; }
h1, h2, h3, h4 { line-height: 1.35; }
h2 { margin-top: 2.4rem; padding-bottom: .3rem; border-bottom: 1px solid #d0d7de; }
nav { padding: .8rem 1.2rem; background: #f6f8fa; border-radius: 6px; }
nav ol { margin: 0; padding-left: 1.4rem; columns: 2; }
a { color: #0b5394; }
img { max-width: 100%; border: 1px solid #d0d7de; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { border: 1px solid #d0d7de; padding: .35rem .6rem; text-align: left; vertical-align: top; }
th { background: #f6f8fa; }
code { font-family: Consolas, "Noto Sans Mono CJK SC", monospace; background: #f6f8fa; padding: .1rem .25rem; }
pre { background: #f6f8fa; padding: .7rem 1rem; border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; }
pre code { padding: 0; }
li > p { margin: .4rem 0; }
@media print {
  @page { size: A4; margin: 18mm 16mm; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  a { color: inherit; text-decoration: none; }
  h1, h2, h3, h4, p:has(+ pre) { break-after: avoid; }
  img, tr, pre { break-inside: avoid; }
  thead { display: table-header-group; }
  nav ol { columns: 1; }
}
"""


def page() -> str:
    """The manual. Raises ValueError for a picture that is not beside the guide."""
    reader = MarkdownIt("commonmark").enable("table")
    tokens = _without_other_languages(reader.parse(SOURCE.read_text(encoding="utf-8")))
    contents = _mark_headings(tokens)
    for token in tokens:
        token.children = _alone(token.children) if token.children else token.children
    body = reader.renderer.render(tokens, reader.options, {})
    head, end, rest = body.partition("</h1>\n")
    listed = "\n".join(f'<li><a href="#{id}">{title}</a></li>' for id, title in contents)
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>incubxl 使用说明</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"{head}{end}<nav>\n<ol>\n{listed}\n</ol>\n</nav>\n{rest}</body>\n</html>\n"
    )


def _without_other_languages(tokens: list[Token]) -> list[Token]:
    """Without the paragraph that is nothing but a link to the guide in another language."""
    at = next(n for n, token in enumerate(tokens) if token.content == "[English](README.md)")
    return tokens[: at - 1] + tokens[at + 2 :]


def _mark_headings(tokens: list[Token]) -> list[tuple[str, str]]:
    """Give the second-level headings ids; their ids and titles."""
    found = []
    for n, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            id = f"s{len(found) + 1}"
            token.attrSet("id", id)
            found.append((id, tokens[n + 1].content))
    return found


def _alone(tokens: list[Token]) -> list[Token]:
    """Pictures inside the page; of links to other files of the sources only the words."""
    kept: list[Token] = []
    inside = False  # a link that is taken away
    for token in tokens:
        if token.type == "image":
            token.attrSet("src", _data(str(token.attrGet("src"))))
        if token.type == "link_open" and not str(token.attrGet("href")).startswith("#"):
            inside = True
        elif token.type == "link_close" and inside:
            inside = False
        else:
            kept.append(token)
    return kept


def _data(source: str) -> str:
    path = ROOT / source
    if path.suffix != ".png" or not path.is_file():
        raise ValueError(f"{SOURCE.name}: no such picture: {source}")
    return "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode("ascii")
