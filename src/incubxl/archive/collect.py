"""What of some results folders goes into the year's package, and what does not."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from incubxl.audit.chain import RECORD
from incubxl.audit.verify import verify
from incubxl.batch.keeping import KEPT, kept
from incubxl.batch.manifest import MANIFEST, SUMMARY
from incubxl.batch.recorded import is_run, is_workbook, recorded
from incubxl.batch.replay import recorded_input
from incubxl.mail.ledger import LEDGER, ledger_of
from incubxl.mail.outbox import Outbox
from incubxl.mask import masked

RESULTS, INPUTS, PACKS, SENT = "1_结果", "2_输入", "3_办法", "4_发送记录"
_OURS = (".incubxl", "~$")
_DATABASES = (".sqlite", ".sqlite3", ".db")
_TAILS = ("-wal", "-shm", "-journal")
_ENDED = {"done": "完成", "partly": "部分完成", "failed": "失败", "cancelled": "已取消"}
_SECRET = frozenset({"mail.toml"})


@dataclass(frozen=True)
class Piece:
    """One file of the package. ``kind`` in Chinese. ``read`` gives its bytes, from the disk only when wanted."""

    name: str
    kind: str
    read: Callable[[], bytes]


@dataclass
class Package:
    """``pieces`` by name. ``left_out``: (what, why). ``runs``: folder, number, by whom, end, its record."""

    pieces: dict[str, Piece] = field(default_factory=dict)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    runs: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    sound: bool = True

    def add(self, name: str, kind: str, read: Callable[[], bytes]) -> None:
        self.pieces[name] = Piece(name, kind, read)


def collect(outs: Sequence[Path], outbox: Path | None) -> Package:
    """Everything of the results folders. ``outbox``: the office's, of which the mails of these letters are told."""
    made = Package()
    names = _names(outs)
    for out in outs:
        _results(made, out, f"{RESULTS}/{names[out]}")
        _recorded(made, out, names[out])
    _sent(made, outbox)
    return made


def _names(outs: Sequence[Path]) -> Mapping[Path, str]:
    found: dict[Path, str] = {}
    for out in outs:
        name, n = out.resolve().name or "结果", 1
        while name in found.values():
            n += 1
            name = f"{out.resolve().name}-{n}"
        found[out] = name
    return found


def _results(made: Package, out: Path, at: str) -> None:
    for path in sorted(out.rglob("*")):
        relative = path.relative_to(out).as_posix()
        if path.is_symlink():
            made.left_out.append((f"{at}/{relative}", "是链接，不是文件"))
        elif not path.is_file():
            continue
        elif path.name.startswith(_OURS):
            continue  # locks and temporary files: nothing of the results
        elif path.name in _SECRET or path.suffix in _DATABASES or path.name.endswith(_TAILS):
            made.left_out.append((f"{at}/{relative}", "发信设置、发件箱等数据库不装入；发出了什么，见发送台账"))
        else:
            made.add(f"{at}/{relative}", _kind(relative), path.read_bytes)


def _kind(relative: str) -> str:
    first, name = relative.split("/", maxsplit=1)[0], relative.rsplit("/", 1)[-1]
    if first == KEPT:
        return "审计留存"
    named = {RECORD: "审计记录", MANIFEST: "运行清单", SUMMARY: "批量汇总", LEDGER: "发送台账"}
    if name in named:
        return named[name]
    endings = {
        ".docx": "通知书",
        ".pdf": "通知书（PDF）",
        ".eml": "邮件草稿",
        ".xlsx": "结果工作簿",
        ".xlsm": "结果工作簿",
    }
    return endings.get(Path(name).suffix.lower(), "其他")


def _recorded(made: Package, out: Path, name: str) -> None:
    """Inputs and packs of every run, as readable copies, and what the record says of the runs."""
    found = verify(out)
    made.sound = made.sound and found.sound
    state = f"完好，{found.entries} 条" if found.sound else "与写入时不符，不可信"
    blobs = kept(out)
    for run in recorded(out):
        if not is_run(run.begun):
            made.left_out.append((f"运行 {run.run} 的输入和办法", "这次运行的记录不是本程序写的"))
            continue
        program, user = run.begun["program"], str(dict(run.begun.get("operator", {})).get("user", ""))
        ended = {"done": "完成", "partly": "部分完成", "failed": "失败", "cancelled": "已取消"}.get(
            run.ended, "没有结束"
        )
        made.runs.append((name, run.run, f"{program}，{user}", ended, f"{state}，末条校验值 {found.head.hash}"))
        for entry in run.workbooks:
            body: Mapping[str, Any] = entry["body"]
            if not is_workbook(body):
                made.left_out.append((f"运行 {run.run} 的一个工作簿", "这一条记录的内容不是本程序写的"))
                continue
            shown = Path(str(body["input"]).replace("\\", "/")).name
            if not body["sha256"]:
                made.left_out.append((f"运行 {run.run} 的输入「{masked(str(body['input']))}」", "当时就没有读成"))
                continue
            data, _ = recorded_input(out, blobs, body)
            if isinstance(data, str):
                why = "不在了，也没有留存副本" if data == "gone" else "已被改动，也没有留存副本"
                made.left_out.append((f"运行 {run.run} 的输入「{masked(str(body['input']))}」", why))
            else:
                target = f"{INPUTS}/{name}/{body['sha256'][:12]}_{masked(shown)}"
                made.add(target, "登记工作簿（输入）", _given(data))
            if body["status"] == "done":
                _pack(made, run.run, body, blobs)


def _pack(made: Package, run: str, body: Mapping[str, Any], blobs: Any) -> None:
    pack, digest = body["pack"], str(body.get("kept", {}).get("pack", ""))
    try:
        archive = zipfile.ZipFile(io.BytesIO(blobs.get(digest)))
    except (OSError, ValueError, zipfile.BadZipFile):
        made.left_out.append((f"运行 {run} 的办法「{pack['id']}」", "没有留存（过了保留期或损坏）"))
        return
    with archive:
        for member in archive.namelist():
            if ".." in member.split("/") or member.startswith("/"):
                continue
            made.add(f"{PACKS}/{pack['id']}_{digest[:12]}/{member}", "办法数据", _given(archive.read(member)))


def _sent(made: Package, outbox: Path | None) -> None:
    if outbox is None or not outbox.is_file():
        made.left_out.append(("发送台账", "没有找到发件箱；用邮件发过的，请用 --outbox 指定发件箱再归档"))
        return
    letters = {hashlib.sha256(p.read()).hexdigest() for p in made.pieces.values() if p.kind.startswith("通知书")}
    with Outbox(outbox) as box:
        found = ledger_of(box, letters)
    if found is None:
        made.left_out.append(("发送台账", "发件箱里没有这些通知书的邮件"))
    else:
        made.add(f"{SENT}/{LEDGER}", "发送台账", _given(found))


def _given(data: bytes) -> Callable[[], bytes]:
    return lambda: data


def personal(pieces: Mapping[str, Piece]) -> Iterator[tuple[str, str]]:
    """Which kinds of file hold data about people, and which data."""
    said = {
        "登记工作簿（输入）": "联系人、电话、邮箱，明细表里的姓名",
        "结果工作簿": "登记内容（副本），人工判断和改判的署名",
        "批量汇总": "单位名称",
        "通知书": "收件单位和联系人",
        "通知书（PDF）": "收件单位和联系人",
        "邮件草稿": "完整的收件地址和通知书",
        "发送台账": "完整的收件地址、批准人",
        "审计留存": "登记工作簿的原样副本",
        "审计记录": "经办人姓名（电话、邮箱、证件号码已遮蔽）",
    }
    for kind, what in said.items():
        if count := sum(piece.kind == kind for piece in pieces.values()):
            yield f"{kind}（{count} 个）", what
