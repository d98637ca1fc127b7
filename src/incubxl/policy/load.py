"""Texts of a pack folder to a Pack, or every error in it with file and line."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from incubxl.policy.pack import Pack
from incubxl.policy.source import Path, PolicyError, Source, parse

FILES = {
    "measure.yaml": "measure",
    "facts.yaml": "",
    "criteria.yaml": "",
    "parameters.yaml": "parameters",
    "interpretations.yaml": "interpretations",
    "procedure.yaml": "procedure",
    "evaluation.yaml": "evaluation",
    "funding.yaml": "funding",
    "letters.yaml": "letters",
    "scenarios.yaml": "scenarios",
    "forms.yaml": "forms",
}
OPTIONAL = frozenset(("forms.yaml",))
_SECTIONS = {  # files that hold several of the pack's fields, and those fields
    "facts.yaml": ("facts", "tables", "derived"),
    "criteria.yaml": ("judgements", "criteria"),
}
_COMMON_FILES = {
    "facts.yaml": "facts",
    "sheets.yaml": "tables",
    "interpretations.yaml": "interpretations",
    "settings.yaml": "settings",
    "letters.yaml": "letters",
}


@dataclass(frozen=True)
class Lines:
    """Where every entry of a pack stands: pack field → source and how many common entries precede it."""

    folder: str
    sources: Mapping[str, tuple[Source, int]]

    def error(self, field: str, path: Path, message: str) -> PolicyError:
        """An error at ``path`` inside the pack's ``field``."""
        source, before = self.sources.get(field, (Source(self.folder, None, {}), 0))
        if before and path and isinstance(path[0], int):
            path = (path[0] - before, *path[1:])
        return PolicyError(source.file, source.line(path), message)


def load_pack(
    folder: str, texts: Mapping[str, str], common: Mapping[str, str]
) -> tuple[Pack | None, list[PolicyError]]:
    """Load one pack, or tell every error in it. See ``load_with_lines``."""
    pack, errors, _ = load_with_lines(folder, texts, common)
    return pack, errors


def load_with_lines(
    folder: str, texts: Mapping[str, str], common: Mapping[str, str]
) -> tuple[Pack | None, list[PolicyError], Lines]:
    """Load one pack and keep where everything stands.

    ``texts`` maps file names (FILES) to their text; ``common`` holds the shared ``facts.yaml`` (facts),
    ``sheets.yaml`` (tables), ``interpretations.yaml``, ``settings.yaml`` and ``letters.yaml`` (kinds of letters that
    amend another). ``folder`` names the pack in messages.
    Returns the pack, or None with errors, and the lines. References between entries are checked by ``lint``.
    """
    errors: list[PolicyError] = []
    sources: dict[str, tuple[Source, int]] = {}  # pack field → source and how many common items precede
    data: dict[str, Any] = {}
    shared = _common(common, errors)
    for name in sorted(texts.keys() - FILES.keys()):
        if name.endswith(".yaml"):
            errors.append(PolicyError(f"{folder}/{name}", 0, "未知文件；可用的有：" + "、".join(FILES)))
    for name, whole in FILES.items():
        file = f"{folder}/{name}"
        if name not in texts:
            if name in OPTIONAL:
                continue
            errors.append(PolicyError(file, 0, "缺少此文件"))
            continue
        source, found = parse(file, texts[name])
        errors += found
        if source.data is None:
            if not found:
                errors.append(PolicyError(file, 0, "文件是空的"))
            continue
        if whole:
            data[whole] = source.data
            sources[whole] = (source, 0)
        else:
            _take_sections(name, source, data, sources, errors)
    if errors:
        return None, sorted(set(errors)), Lines(folder, sources)
    data["settings"] = shared.pop("settings")
    data["letters"] = _with_amendments(data["letters"], shared.pop("letters"))
    for field, before in shared.items():
        data[field] = [*before, *(data.get(field) or [])]
        source, _ = sources[field]
        sources[field] = (source, len(before))
    data["facts"] = _with_track(data["facts"], data.get("measure"))
    lines = Lines(folder, sources)
    digest = hashlib.sha256("\0".join(f"{k}\0{v}" for k, v in sorted({**common, **texts}.items())).encode())
    try:
        pack = Pack.model_validate({**data, "digest": digest.hexdigest()})
    except ValidationError as error:
        found = sorted({_place(e, lines) for e in _causes(error.errors())})
        return None, found, lines
    return pack, [], lines


def _common(common: Mapping[str, str], errors: list[PolicyError]) -> dict[str, list[Any]]:
    shared: dict[str, list[Any]] = {}
    for name, field in _COMMON_FILES.items():
        source, found = parse(f"common/{name}", common.get(name, ""))
        errors += found
        shared[field] = source.data or []
    return shared


def _with_amendments(letters: Any, shared: list[Any]) -> Any:
    """Kinds that every measure with letters has (更正, 撤回, 补发) stand after its own.

    Those about an announcement (更正公告, 撤回公告) only where the measure knows one.
    """
    kinds = letters.get("kinds") if isinstance(letters, dict) else None
    if not isinstance(kinds, list) or not kinds:
        return letters
    publishes = any(isinstance(kind, dict) and kind.get("recipient") == "public" for kind in kinds)
    return {**letters, "kinds": [*kinds, *(k for k in shared if publishes or k.get("recipient") != "public")]}


def _with_track(facts: list[Any], measure: Any) -> list[Any]:
    """A measure of several tracks asks each row which one: the column stands after the applicant's code."""
    tracks = measure.get("tracks") if isinstance(measure, dict) else None
    if not isinstance(tracks, list) or len(tracks) < 2:
        return facts
    choices = [{k: t[k] for k in ("id", "label", "aliases") if k in t} for t in tracks if isinstance(t, dict)]
    track = {
        "id": "track", "label": "申报类型", "aliases": ["类型", "类别", "申报类别"],
        "type": "choice", "choices": choices, "required": True, "note": "从下拉列表选。",
    }  # fmt: skip
    return [*facts, track]


def _take_sections(
    name: str,
    source: Source,
    data: dict[str, Any],
    sources: dict[str, tuple[Source, int]],
    errors: list[PolicyError],
) -> None:
    if not isinstance(source.data, dict):
        errors.append(PolicyError(source.file, 1, "顶层应为：" + "、".join(_SECTIONS[name])))
        return
    for key in source.data:
        if key not in _SECTIONS[name]:
            errors.append(PolicyError(source.file, source.line((key,)), f"未知的键「{key}」"))
    for key in _SECTIONS[name]:
        items = source.data.get(key)
        data[key] = items if items is not None else []
        lines = {path[1:]: line for path, line in source.lines.items() if path[:1] == (key,)}
        sources[key] = (Source(source.file, items, lines), 0)


_WORDS = {
    "extra_forbidden": "未知的键「{key}」",
    "missing": "缺少「{key}」",
    "string_type": "「{key}」应为文字",
    "decimal_parsing": "「{key}」应为数字",
    "string_pattern_mismatch": "「{key}」应为小写英文标识",
    "string_too_short": "「{key}」不能为空",
    "too_short": "「{key}」不能为空",
    "literal_error": "「{key}」只能取 {expected}",
    "date_from_datetime_parsing": "「{key}」应为日期，例如 2023-10-30",
    "int_parsing": "「{key}」应为整数",
    "bool_parsing": "「{key}」应为 true 或 false",
}


def _causes(errors: Sequence[Any]) -> list[Any]:
    """Without what only follows: a list whose one entry is wrong is also told as too short."""
    places = [e["loc"] for e in errors]
    return [
        e for e in errors
        if not (e["type"] == "too_short" and any(p[: len(e["loc"])] == e["loc"] != p for p in places))
    ]  # fmt: skip


def _place(error: Any, lines: Lines) -> PolicyError:
    field, *rest = error["loc"]
    path = tuple(rest)
    key = next((str(p) for p in reversed(path) if isinstance(p, str)), str(field))
    template = _WORDS.get(error["type"])
    if template:
        message = template.format(key=key, expected=error.get("ctx", {}).get("expected", ""))
    else:
        message = f"「{key}」" + str(error["msg"]).removeprefix("Value error, ")
    return lines.error(str(field), path, message)
