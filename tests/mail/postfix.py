"""A real mail server: Debian's Postfix on 127.0.0.1 with configuration, queue and mailboxes in a folder of its own.

Nothing is relayed: mail for example.org goes into Maildirs, everything else is refused.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

_SECONDS = 30  # for each command of Postfix
_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.example.org
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.1/32
mydestination =
default_transport = error:nothing is relayed
relay_transport = error:nothing is relayed
alias_maps =
alias_database =
virtual_mailbox_domains = example.org
virtual_mailbox_base = {folder}/boxes
virtual_mailbox_maps = texthash:{folder}/etc/boxes
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
smtpd_relay_restrictions = reject_unauth_destination
smtpd_tls_cert_file = {folder}/etc/server.pem
smtpd_tls_key_file = {folder}/etc/server.pem
smtpd_tls_security_level = encrypt
smtpd_client_connection_rate_limit = 0
smtpd_recipient_limit = 1
message_size_limit = 1000000
virtual_mailbox_limit = 0
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
"""
_MASTER = """\
127.0.0.1:{starttls} inet n - n - - smtpd
127.0.0.1:{implicit} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class Postfix:
    """The running server; ``boxes`` holds a Maildir for each local part."""

    starttls: int
    implicit: int
    authority: Path
    boxes: Path
    log: Path

    def wait(self, count: int, box: str = "*", seconds: float = 20) -> dict[str, list[bytes]]:
        """Mails by local part, as soon as there are ``count``; what is there at the latest after ``seconds``."""
        deadline = time.monotonic() + seconds
        while True:
            found = [path for path in self.boxes.glob(f"{box}/new/*") if path.is_file()]
            if len(found) >= count or time.monotonic() > deadline:
                break
            time.sleep(0.05)
        mails: dict[str, list[bytes]] = {}
        for path in sorted(found):
            mails.setdefault(path.parent.parent.name, []).append(path.read_bytes())
        return mails


@contextlib.contextmanager
def running(boxes: Sequence[str]) -> Iterator[Postfix]:
    """Postfix from start to stop, with these local parts at example.org; skips where it is not installed or not ours
    to start. Everybody else is unknown to it (550)."""
    command = shutil.which("postfix") or shutil.which("postfix", path="/usr/sbin")
    if not command:
        pytest.skip("Postfix is not installed")
    if os.geteuid() != 0:
        pytest.skip("only root can start Postfix")
    import pwd

    folder = Path(tempfile.mkdtemp(prefix="incubxl-postfix-"))
    owner = pwd.getpwnam("postfix")
    folder.chmod(0o755)
    for name in ("etc", "queue", "data", "boxes"):
        (folder / name).mkdir(mode=0o755)
    os.chown(folder / "data", owner.pw_uid, owner.pw_gid)
    os.chown(folder / "boxes", owner.pw_uid, owner.pw_gid)
    ports = _free(2)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "etc" / "ca.pem"))
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(folder / "etc" / "server.pem"))
    (folder / "etc" / "main.cf").write_text(_MAIN.format(folder=folder, uid=owner.pw_uid, gid=owner.pw_gid))
    (folder / "etc" / "master.cf").write_text(_MASTER.format(starttls=ports[0], implicit=ports[1]))
    (folder / "etc" / "boxes").write_text("".join(f"{box}@example.org {box}/\n" for box in boxes))

    def postfix(verb: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [command, "-c", str(folder / "etc"), verb], capture_output=True, text=True, timeout=_SECONDS, check=False
        )

    log = folder / "mail.log"
    try:
        started = postfix("start")
        if started.returncode:
            raise RuntimeError(f"Postfix did not start: {started.stderr}{log.read_text() if log.exists() else ''}")
        for port in ports:
            _listens(port)
        yield Postfix(ports[0], ports[1], folder / "etc" / "ca.pem", folder / "boxes", log)
    finally:
        postfix("stop")  # waits for its processes, and kills those that stay
        shutil.rmtree(folder, ignore_errors=True)


def _free(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        links = [stack.enter_context(socket.socket()) for _ in range(count)]
        for link in links:
            link.bind(("127.0.0.1", 0))
        return [link.getsockname()[1] for link in links]


def _listens(port: int) -> None:
    deadline = time.monotonic() + _SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
