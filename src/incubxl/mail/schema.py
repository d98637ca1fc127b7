"""The outbox's tables. What must never happen is forbidden here too, whatever program opens the file.

A transition that ``states.TRANSITIONS`` does not know is refused by a trigger, and every one leaves a line in
``history``, which nobody can change; mails are never deleted; a mail's content changes only while it is a draft.
"""

from __future__ import annotations

from incubxl.mail.states import TRANSITIONS

APPLICATION_ID = 0x494E4342  # "INCB"
VERSION = 4
_STATES = ", ".join(f"'{state}'" for state in TRANSITIONS)
_PAIRS = ", ".join(f"('{before}', '{after}')" for before, afters in TRANSITIONS.items() for after in afters)
_CONTENT = (
    "pack", "year", "applicant", "name", "name_key", "code", "kind", "label", "round", "copy", "relates_to",
    "relation", "relation_why", "relation_by", "letter", "letter_sha256", "reader", "sender", "address", "address_key",
    "cell", "subject", "content_key", "message_id", "message_sha256",
)  # fmt: skip
_ONE_EACH = """
CREATE UNIQUE INDEX one_by_name ON mails (pack, year, kind, round, copy, letter_key, name_key);
CREATE UNIQUE INDEX one_by_code ON mails (pack, year, kind, round, copy, letter_key, code) WHERE code <> '';
CREATE TRIGGER one_letter BEFORE UPDATE OF letter_key ON mails
WHEN OLD.state <> 'draft' AND OLD.letter_key <> '' AND NEW.letter_key <> OLD.letter_key
BEGIN SELECT RAISE(ABORT, 'only a draft can change'); END;
"""
# Every attempt to send, by the mark that it bears in the record beside the letters too (``sent_record``).
_CLAIMS = """
CREATE TABLE claims (
  token TEXT PRIMARY KEY CHECK (token <> ''), mail INTEGER NOT NULL REFERENCES mails(id), at TEXT NOT NULL
) STRICT;
CREATE INDEX claims_of ON claims (mail);
CREATE TRIGGER kept_claims BEFORE DELETE ON claims BEGIN SELECT RAISE(ABORT, 'claims are kept'); END;
CREATE TRIGGER true_claims BEFORE UPDATE ON claims BEGIN SELECT RAISE(ABORT, 'claims are kept'); END;
"""
_BY_NUMBER = "CREATE INDEX by_number ON mails (letter_key);"
_FROZEN = f"""
CREATE TRIGGER frozen BEFORE UPDATE OF {", ".join(_CONTENT)} ON mails WHEN OLD.state <> 'draft'
BEGIN SELECT RAISE(ABORT, 'only a draft can change'); END;
"""
# From a version to the next one. 2: mails know which of an applicant's letters of one kind they carry. 3: claims, and
# to whom a mail goes that is not the applicant. 4: mails are looked up by their number.
MIGRATIONS = {
    1: f"""
ALTER TABLE mails ADD COLUMN letter_key TEXT NOT NULL DEFAULT '';
DROP INDEX one_by_name;
DROP INDEX one_by_code;
{_ONE_EACH}""",
    2: f"""
ALTER TABLE mails ADD COLUMN reader TEXT NOT NULL DEFAULT '';
DROP TRIGGER IF EXISTS frozen;
{_FROZEN}{_CLAIMS}""",
    3: _BY_NUMBER,
}

DDL = f"""
CREATE TABLE mails (
  id INTEGER PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ({_STATES})),
  pack TEXT NOT NULL CHECK (pack <> ''),
  year INTEGER NOT NULL,
  applicant TEXT NOT NULL CHECK (applicant <> ''),
  name TEXT NOT NULL,
  name_key TEXT NOT NULL CHECK (name_key <> ''),
  code TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind <> ''),
  label TEXT NOT NULL,
  round INTEGER NOT NULL CHECK (round >= 1),
  copy INTEGER NOT NULL CHECK (copy >= 0),
  relates_to INTEGER REFERENCES mails(id),
  relation TEXT NOT NULL CHECK (relation IN ('', '更正', '补发')),
  relation_why TEXT NOT NULL,
  relation_by TEXT NOT NULL,
  out TEXT NOT NULL,
  source TEXT NOT NULL,
  letter TEXT NOT NULL CHECK (letter <> ''),
  letter_sha256 TEXT NOT NULL CHECK (length(letter_sha256) = 64),
  letter_key TEXT NOT NULL DEFAULT '',
  reader TEXT NOT NULL DEFAULT '',
  sender TEXT NOT NULL,
  address TEXT NOT NULL CHECK (address LIKE '_%@_%'),
  address_key TEXT NOT NULL,
  cell TEXT NOT NULL,
  subject TEXT NOT NULL,
  content_key TEXT NOT NULL,
  message_id TEXT NOT NULL UNIQUE,
  message_sha256 TEXT NOT NULL CHECK (length(message_sha256) = 64),
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before REAL NOT NULL DEFAULT 0,
  claimed_by TEXT NOT NULL DEFAULT '',
  said TEXT NOT NULL DEFAULT '',
  at TEXT NOT NULL,
  who TEXT NOT NULL CHECK (trim(who) <> ''),
  why TEXT NOT NULL,
  CHECK ((copy = 0) = (relates_to IS NULL)),
  CHECK ((relates_to IS NULL) = (relation = '')),
  CHECK (relation = '' OR (trim(relation_why) <> '' AND trim(relation_by) <> '')),
  CHECK ((state = 'sending') = (claimed_by <> ''))
) STRICT;
{_ONE_EACH}CREATE INDEX by_row ON mails (pack, year, kind, round, source, applicant);
CREATE INDEX by_state ON mails (state, not_before, id);
CREATE INDEX by_address ON mails (address_key);
{_BY_NUMBER}
{_CLAIMS}
CREATE TABLE messages (
  mail INTEGER PRIMARY KEY REFERENCES mails(id),
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE history (
  id INTEGER PRIMARY KEY,
  mail INTEGER NOT NULL REFERENCES mails(id),
  at TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  who TEXT NOT NULL,
  why TEXT NOT NULL
) STRICT;
CREATE INDEX history_of ON history (mail, id);

CREATE TABLE events (id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL) STRICT;
CREATE TABLE shared (
  address_key TEXT NOT NULL, name_key TEXT NOT NULL, at TEXT NOT NULL,
  who TEXT NOT NULL CHECK (trim(who) <> ''), why TEXT NOT NULL CHECK (trim(why) <> ''),
  PRIMARY KEY (address_key, name_key)
) STRICT;
CREATE TABLE control (id INTEGER PRIMARY KEY CHECK (id = 1), stops INTEGER NOT NULL) STRICT;
INSERT INTO control VALUES (1, 0);

CREATE TABLE transitions (before TEXT NOT NULL, after TEXT NOT NULL, PRIMARY KEY (before, after)) STRICT;
INSERT INTO transitions VALUES {_PAIRS};

CREATE TRIGGER born_a_draft BEFORE INSERT ON mails WHEN NEW.state <> 'draft'
BEGIN SELECT RAISE(ABORT, 'a mail begins as a draft'); END;
CREATE TRIGGER first_line AFTER INSERT ON mails
BEGIN INSERT INTO history (mail, at, before, after, who, why)
      VALUES (NEW.id, NEW.at, '', NEW.state, NEW.who, NEW.why); END;
CREATE TRIGGER known_ways BEFORE UPDATE OF state ON mails
WHEN NEW.state <> OLD.state
 AND NOT EXISTS (SELECT 1 FROM transitions WHERE before = OLD.state AND after = NEW.state)
BEGIN SELECT RAISE(ABORT, 'no such transition'); END;
CREATE TRIGGER every_line AFTER UPDATE OF state ON mails
BEGIN INSERT INTO history (mail, at, before, after, who, why)
      VALUES (NEW.id, NEW.at, OLD.state, NEW.state, NEW.who, NEW.why); END;
{_FROZEN}CREATE TRIGGER frozen_bytes BEFORE UPDATE ON messages
WHEN (SELECT state FROM mails WHERE id = OLD.mail) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'only a draft can change'); END;
CREATE TRIGGER kept_mails BEFORE DELETE ON mails BEGIN SELECT RAISE(ABORT, 'mails are kept'); END;
CREATE TRIGGER kept_messages BEFORE DELETE ON messages BEGIN SELECT RAISE(ABORT, 'mails are kept'); END;
CREATE TRIGGER kept_history BEFORE DELETE ON history BEGIN SELECT RAISE(ABORT, 'history is kept'); END;
CREATE TRIGGER true_history BEFORE UPDATE ON history BEGIN SELECT RAISE(ABORT, 'history is kept'); END;
CREATE TRIGGER kept_events BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are kept'); END;
CREATE TRIGGER true_events BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are kept'); END;
CREATE TRIGGER fixed_ways BEFORE DELETE ON transitions BEGIN SELECT RAISE(ABORT, 'transitions are fixed'); END;
CREATE TRIGGER fixed_ways_too BEFORE UPDATE ON transitions BEGIN SELECT RAISE(ABORT, 'transitions are fixed'); END;
CREATE TRIGGER no_new_ways BEFORE INSERT ON transitions BEGIN SELECT RAISE(ABORT, 'transitions are fixed'); END;
"""
