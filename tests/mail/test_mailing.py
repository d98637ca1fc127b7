"""From a run's folder to mails: only final letters, each to the applicant that the register has now."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from incubxl.batch.mailing import Published, gather, mail_templates
from incubxl.files.packs import SHIPPED, store
from incubxl.issues import Issue
from incubxl.letters import package
from incubxl.letters.shelf import shared_layouts
from incubxl.mail.compose import composer, contents
from incubxl.mail.drafting import draft
from incubxl.mail.findings import MailRefused
from incubxl.mail.guards import why_not
from incubxl.mail.outbox import Outbox
from tests.batch.build import column, concluded, damaged, data, filled, go, header_row
from tests.mail.build import SENDER, Clock, docx, nothing_wrong


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "登记.xlsx"
    path.write_bytes(data(concluded(filled(3))))
    return path


@pytest.fixture
def out(register: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "结果"
    go(register, out=folder)
    return folder


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path / "发件箱.sqlite3", clock=Clock()) as opened:
        yield opened


def drafted(outbox: Outbox, out: Path) -> list[Issue]:
    found = gather(out, None)
    compose = composer(SENDER, lambda pack: mail_templates(None, pack), Clock())
    return [*found.issues, *draft(outbox, found.letters, compose, "示例甲").issues]


def codes(issues: list[Issue] | tuple[Issue, ...]) -> list[str]:
    return [i.code for i in issues]


def email(book, value: object, row: int = 1) -> None:  # type: ignore[no-untyped-def]
    sheet = book["申报登记"]
    sheet.cell(header_row(sheet) + row, column(sheet, "电子邮箱")).value = value


def test_every_final_letter_goes_to_its_applicant(out: Path, outbox: Outbox, register: Path) -> None:
    found = gather(out, None)
    assert not found.issues
    assert [(one.applicant, one.address) for one in found.letters] == [
        (f"XJ-{n:05d}", f"office{n}@example.org") for n in (1, 2, 3)
    ]
    assert all(one.cell.startswith("申报登记!") for one in found.letters)
    assert not drafted(outbox, out)
    for mail in outbox.mails():
        inside = contents(outbox.message(mail))
        file = out / mail.letter
        assert inside.recipients == (mail.address,)
        assert inside.attachments == {file.name: hashlib.sha256(file.read_bytes()).hexdigest()}
        assert mail.name in inside.text
        assert outbox.approve(mail.id, "示例乙", why_not(Published(None).current)) is None


def test_drafts_of_letters_are_never_mailed(tmp_path: Path) -> None:
    path = tmp_path / "登记.xlsx"
    path.write_bytes(data(filled(2)))  # nobody has concluded anything
    go(path, out=tmp_path / "结果")
    assert list((tmp_path / "结果").rglob("*.草稿.docx"))
    assert gather(tmp_path / "结果", None).letters == ()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "没有填写"),
        ("a@example.org;b@example.org", "恰好一个"),
        ("a＠example.org", "全角"),
        ("a@example.org\nb@example.org", "恰好一个"),
        ("示例联系人 <a@example.org>", ""),
        (12345, ""),
        ("a@", ""),
    ],
)
def test_an_address_that_is_not_exactly_one_is_refused_with_its_cell(tmp_path: Path, value: object, said: str) -> None:
    path = tmp_path / "登记.xlsx"
    path.write_bytes(damaged(lambda book: email(book, value), concluded(filled(2))))
    go(path, out=tmp_path / "结果")
    found = gather(tmp_path / "结果", None)
    assert codes(found.issues) == ["mail.no_address"]
    assert (found.issues[0].place.sheet, found.issues[0].applicant) == ("申报登记", "XJ-00001")
    assert found.issues[0].place.cell
    assert said in found.issues[0].message
    assert [one.applicant for one in found.letters] == ["XJ-00002"]


def test_a_register_that_changed_since_the_run_sends_nothing(out: Path, outbox: Outbox, register: Path) -> None:
    drafted(outbox, out)
    check = why_not(Published(None).current)
    register.write_bytes(damaged(lambda book: email(book, "other@example.org"), concluded(filled(3))))
    assert codes(gather(out, None).issues) == ["mail.register_changed"]
    assert outbox.approve(1, "示例乙", check).code == "mail.register_changed"  # type: ignore[union-attr]
    go(register, out=out)  # the run is done anew, the drafts are not
    assert outbox.approve(1, "示例乙", check).code == "mail.not_theirs"  # type: ignore[union-attr]
    assert "电子邮箱" in outbox.approve(1, "示例乙", check).message  # type: ignore[union-attr]
    assert outbox.approve(2, "示例乙", check) is None
    assert not drafted(outbox, out)
    assert outbox.mail(1).address == "other@example.org"
    assert outbox.mail(2).state == "approved"  # nothing of it changed
    assert outbox.approve(1, "示例乙", check) is None


@pytest.mark.parametrize("harm", ["edited", "gone", "swapped"])
def test_a_letter_that_is_not_as_published_is_refused(out: Path, outbox: Outbox, harm: str) -> None:
    drafted(outbox, out)
    first, second = (out / mail.letter for mail in outbox.mails()[:2])
    if harm == "edited":
        first.write_bytes(first.read_bytes() + b" ")
    elif harm == "gone":
        first.unlink()
    else:
        shutil.copyfile(second, first)
    code = "mail.letter_missing" if harm == "gone" else "mail.letter_changed"
    assert codes(gather(out, None).issues) == [code]
    assert outbox.approve(1, "示例乙", why_not(Published(None).current)).code == code  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("另一家孵化器有限公司：予以认定。", "没有这个单位的名称"),
        ("示例众创空间1：信用代码 {other} 。", "另一家单位的统一社会信用代码"),
        ("示例众创空间1：信用代码 {own} 。", ""),
    ],
)
def test_a_letter_that_speaks_of_another_is_refused(out: Path, text: str, said: str) -> None:
    """The record itself is wrong: hash and file agree, the words do not."""
    found = gather(out, None)
    own, other = found.letters[0], found.letters[1]
    content = docx(text.format(own=own.code, other=other.code))
    (out / own.letter).write_bytes(content)
    record = out / "运行清单.json"
    text_of = record.read_text(encoding="utf-8").replace(own.sha256, hashlib.sha256(content).hexdigest())
    record.write_text(text_of, encoding="utf-8")
    issues = gather(out, None).issues
    assert codes(issues) == (["mail.wrong_letter"] if said else [])
    assert all(said in i.message for i in issues)


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RUN = "<w:p><w:r><w:t>{said}</w:t></w:r></w:p>"
BOX = "<w:p><w:r><w:pict><w:txbxContent>" + RUN + "</w:txbxContent></w:pict></w:r></w:p>"
CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
ELSEWHERE = {
    "word/header2.xml": f"<w:hdr {W}>{RUN}</w:hdr>",
    "word/footer1.xml": f"<w:ftr {W}>{RUN}</w:ftr>",
    "word/footer9.xml": f"<w:ftr {W}>{BOX}</w:ftr>",
    "word/footnotes.xml": f"<w:footnotes {W}><w:footnote>{RUN}</w:footnote></w:footnotes>",
    "word/endnotes.xml": f"<w:endnotes {W}><w:endnote>{RUN}</w:endnote></w:endnotes>",
    "word/comments.xml": f"<w:comments {W}><w:comment>{RUN}</w:comment></w:comments>",
    "word/header1.xml": f"<w:hdr {W}><w:p><w:del><w:r><w:delText>{{said}}</w:delText></w:r></w:del></w:p></w:hdr>",
    "word/header3.xml": f'<w:hdr {W} xmlns:v="urn:schemas-microsoft-com:vml"><v:textpath string="{{said}}"/></w:hdr>',
    "docProps/core.xml": f'<c:coreProperties xmlns:c="{CORE}"><c:title>{{said}}</c:title></c:coreProperties>',
}


@pytest.mark.parametrize("part", ELSEWHERE)
@pytest.mark.parametrize("told", ["name", "code"])
def test_another_named_anywhere_in_the_file_is_refused(out: Path, part: str, told: str) -> None:
    """The body is right; a header, a note, a box or the file's title is another's."""
    own, other = gather(out, None).letters[:2]
    members = {n: d for n, d in package.unpack((out / own.letter).read_bytes()).items() if n != part}

    def with_(said: str) -> list[str]:
        made = package.rebuild({**members, part: ELSEWHERE[part].format(said=said).encode()})
        (out / own.letter).write_bytes(made)
        record = json.loads((out / "运行清单.json").read_text(encoding="utf-8"))
        text = json.dumps(record, ensure_ascii=False)
        before = recorded(record, own.letter)
        (out / "运行清单.json").write_text(text.replace(before, hashlib.sha256(made).hexdigest()), encoding="utf-8")
        found = gather(out, None)
        assert bool(found.issues) != (own.letter in [one.letter for one in found.letters])
        return [i.message for i in found.issues]

    assert with_(own.name if told == "name" else own.code) == []
    (message,) = with_(other.name if told == "name" else other.code)
    assert "有另一家单位的" in message
    assert "页眉" in message


def recorded(record: object, letter: str) -> str:
    """The recorded hash of a letter, wherever the run's record keeps it."""
    if isinstance(record, dict):
        for key, value in record.items():
            if isinstance(value, str) and letter.endswith(f"/{key}") and len(value) == 64:
                return value
            if found := recorded(value, letter):
                return found
    return ""


def test_a_footer_of_the_office_s_form_that_names_another_is_not_mailed(register: Path, tmp_path: Path) -> None:
    policies, out = tmp_path / "政策", tmp_path / "结果二"
    own = policies / "xinjiang-makerspace"
    shutil.copytree(SHIPPED / "xinjiang-makerspace", own)
    members = package.unpack(shared_layouts()["form-letter"])
    (own / "letters").mkdir(exist_ok=True)
    footer = members["word/footer1.xml"].replace(b"</w:p>", "<w:r><w:t>示例众创空间2</w:t></w:r></w:p>".encode(), 1)
    (own / "letters" / "form-letter.docx").write_bytes(package.rebuild({**members, "word/footer1.xml": footer}))
    go(register, out=out, policies=policies)
    found = gather(out, policies)
    assert [one.applicant for one in found.letters] == ["XJ-00002"]
    assert codes(found.issues) == ["mail.wrong_letter"] * 2
    assert all("「示例众创空间2」" in i.message for i in found.issues)


def test_one_applicant_s_letter_in_another_s_mail_is_not_approved(out: Path, outbox: Outbox) -> None:
    """A mail that carries the wrong attachment, whoever made it."""
    letters = gather(out, None).letters
    compose = composer(SENDER, lambda pack: mail_templates(None, pack), Clock())

    def wrong(letter, round, copy, again):  # type: ignore[no-untyped-def]
        other = dataclasses.replace(letters[1], address=letter.address)
        return compose(other, round, copy, again)

    draft(outbox, letters[:1], wrong, "示例甲")
    found = outbox.approve(1, "示例乙", why_not(Published(None).current))
    assert found is not None
    assert found.code == "mail.frozen_damaged"


def test_a_conclusion_withdrawn_before_sending_holds_the_mail(out: Path, outbox: Outbox, register: Path) -> None:
    drafted(outbox, out)
    for mail in outbox.mails():
        outbox.approve(mail.id, "示例乙", nothing_wrong)
    register.write_bytes(data(filled(3)))  # the conclusions are gone
    go(register, out=out)
    found = why_not(Published(None).current)(outbox.mail(1), outbox.message(outbox.mail(1)))
    assert found is not None
    assert found.code == "mail.not_theirs"


def test_other_packs_than_the_run_s_are_refused(out: Path, tmp_path: Path) -> None:
    from incubxl.files.packs import SHIPPED

    own = tmp_path / "packs" / "xinjiang-makerspace"
    shutil.copytree(SHIPPED / "xinjiang-makerspace", own)
    measure = own / "measure.yaml"
    measure.write_text(measure.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert codes(gather(out, tmp_path / "packs").issues) == ["mail.pack_changed"]


def test_an_office_s_own_wording_is_used(out: Path, tmp_path: Path) -> None:
    folder = tmp_path / "packs" / "common" / "mail"
    folder.mkdir(parents=True)
    (folder / "subject.txt").write_text("（示例市）{{ applicant }}", encoding="utf-8")
    made = mail_templates(tmp_path / "packs", "xinjiang-makerspace")
    assert made.texts["subject.txt"] == "（示例市）{{ applicant }}"
    assert "applicant" in made.texts["body.txt"]


def test_a_folder_without_a_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(MailRefused) as refusal:
        gather(tmp_path, None)
    assert refusal.value.issue.code == "mail.run_missing"


def test_a_moved_run_keeps_its_mails(out: Path, outbox: Outbox, tmp_path: Path) -> None:
    drafted(outbox, out)
    for mail in outbox.mails():
        outbox.approve(mail.id, "示例乙", nothing_wrong)
    moved = tmp_path / "别处"
    moved.mkdir()
    for path in (out, tmp_path / "登记.xlsx"):
        shutil.move(path, moved / path.name)
    check = why_not(Published(None).current)
    mail = outbox.mail(1)
    assert check(mail, outbox.message(mail)).code == "mail.run_missing"  # type: ignore[union-attr]
    assert not drafted(outbox, moved / "结果")
    assert {m.state for m in outbox.mails()} == {"approved"}
    mail = outbox.mail(1)
    assert check(mail, outbox.message(mail)) is None


def test_the_run_s_record_holds_no_address(out: Path) -> None:
    record = (out / "运行清单.json").read_text(encoding="utf-8")
    assert "@" not in record
    (entry,) = json.loads(record)["workbooks"].values()
    assert entry["letters"]


def test_a_letter_to_somebody_else_is_not_mailed_to_the_applicant(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind whose recipient is the district, an expert or the public (policy.letters)."""
    for kind in store(None).pack("xinjiang-makerspace").letters.kinds:
        monkeypatch.setitem(kind.__dict__, "recipient", "district")
    found = gather(out, None)
    assert found.letters == ()
    assert codes(found.issues) == ["mail.other_recipient"]
    assert "3份" in found.issues[0].message
