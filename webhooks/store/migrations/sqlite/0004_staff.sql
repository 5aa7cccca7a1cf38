-- A person has this conversation; who, is sealed in the state.
ALTER TABLE contact ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
CREATE INDEX contact_held ON contact(id) WHERE held = 1;

-- Who may sign in. roles: bits, see staff/roles.hpp. sealed: name, password (argon2id), second factor's secret, the
-- one not yet confirmed, hash of the one-time link.
CREATE TABLE account (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    name_index   BLOB    NOT NULL UNIQUE,  -- keyed hash
    roles        INTEGER NOT NULL,
    disabled     INTEGER NOT NULL DEFAULT 0,
    code_step    INTEGER NOT NULL DEFAULT 0,  -- the last 30 s step whose code was used: none is taken twice
    link_until   INTEGER,
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER,
    sealed       BLOB    NOT NULL
) STRICT;

-- Browsers signed in. The cookie itself is nowhere: token is its SHA-256.
CREATE TABLE session (
    token      BLOB    PRIMARY KEY,
    account    INTEGER NOT NULL REFERENCES account(id),
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_account ON session(account);

-- What staff write down about a contact for each other. sealed: by, text.
CREATE TABLE note (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    contact INTEGER NOT NULL REFERENCES contact(id),
    at      INTEGER NOT NULL,
    sealed  BLOB    NOT NULL
) STRICT;
CREATE INDEX note_contact ON note(contact);

-- Who did what, for ever. sealed: who, what, detail, address.
CREATE TABLE audit (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    contact INTEGER,
    at      INTEGER NOT NULL,
    sealed  BLOB    NOT NULL
) STRICT;
CREATE INDEX audit_contact ON audit(contact) WHERE contact IS NOT NULL;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

-- Replies that a dashboard has sent: the same key again sends nothing again. Kept for a day.
CREATE TABLE reply_key (
    contact INTEGER NOT NULL REFERENCES contact(id),
    key     TEXT    NOT NULL,
    message INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (contact, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX reply_key_at ON reply_key(at);

-- sealed: name, en, es.
CREATE TABLE saved_reply (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    sealed BLOB NOT NULL
) STRICT;

-- A contact to be forgotten. state: 0 asked 1 confirmed 2 refused. sealed: asked_by, reason, decided_by.
CREATE TABLE erasure (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    contact    INTEGER NOT NULL,
    state      INTEGER NOT NULL DEFAULT 0,
    asked_at   INTEGER NOT NULL,
    decided_at INTEGER,
    sealed     BLOB    NOT NULL
) STRICT;

-- Keys of other systems. token: SHA-256. scopes: bits, see staff/roles.hpp. sealed: name, created_by.
CREATE TABLE api_token (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    token        BLOB    NOT NULL UNIQUE,
    scopes       INTEGER NOT NULL,
    sees_numbers INTEGER NOT NULL DEFAULT 0,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER,
    revoked      INTEGER NOT NULL DEFAULT 0,
    sealed       BLOB    NOT NULL
) STRICT;

-- The earlier cases of a contact.
CREATE INDEX escalation_of ON escalation(contact, id);
