-- Times are milliseconds since 1970 (UTC). Columns of type BLOB called `sealed` hold every word, number and name
-- of their row, sealed by the Vault with "table.sealed/rowid" as place. In clear: ids, times, states, kinds, the
-- gateway's ids, consent and turn (they choose rows and order work; none says who or what).

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Ids are never given twice: the newest id of a table whose rows may be erased one day.
CREATE TABLE high_water (
    name TEXT PRIMARY KEY,
    id   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A texter. `sealed` is null until the first conversation is saved: state, channel, before_last, last_text.
CREATE TABLE contact (
    id           INTEGER PRIMARY KEY,
    number_index BLOB    NOT NULL UNIQUE,  -- keyed hash of the number: equality only
    number       BLOB    NOT NULL,         -- sealed, place "contact.number/id"
    consent      INTEGER NOT NULL DEFAULT 0,  -- bot::Consent
    turn         INTEGER NOT NULL DEFAULT 0,
    account      TEXT    NOT NULL DEFAULT '',
    last_at      INTEGER NOT NULL DEFAULT 0,
    updated_at   INTEGER NOT NULL DEFAULT 0,
    sealed       BLOB
) STRICT;

-- sealed: channel, text, media_json. answered: the outcome, sealed, place "inbound.answered/id".
CREATE TABLE inbound (
    id          INTEGER PRIMARY KEY,
    account     TEXT    NOT NULL,
    external_id TEXT    NOT NULL,
    contact     INTEGER NOT NULL REFERENCES contact(id),
    at          INTEGER NOT NULL,
    sealed      BLOB    NOT NULL,
    turn        INTEGER,
    answered    BLOB,
    UNIQUE (account, external_id)
) STRICT;
CREATE INDEX inbound_contact ON inbound(contact);

-- kind: bot::MessageKind, lower leaves first. state: OutboxState, 0 queued 1 wired 2 sent 3 delivered 4 errored
-- 5 failed 6 unknown 7 cancelled 8 stale. ready_at: when a queued or errored row may be claimed; null otherwise.
-- line: keyed hash of account and our number. sealed: channel, to, text, text_id, said_by, page_key.
CREATE TABLE outbox (
    id          INTEGER PRIMARY KEY,
    contact     INTEGER REFERENCES contact(id),
    escalation  INTEGER,
    account     TEXT    NOT NULL,
    line        INTEGER NOT NULL,
    kind        INTEGER NOT NULL,
    state       INTEGER NOT NULL DEFAULT 0,
    turn        INTEGER NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    at          INTEGER NOT NULL,
    ready_at    INTEGER,
    fresh_until INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    external_id TEXT,
    error_code  TEXT,
    page_index  BLOB,  -- keyed hash of page_key
    sealed      BLOB    NOT NULL
) STRICT;
CREATE INDEX outbox_ready ON outbox(line, kind, ready_at) WHERE ready_at IS NOT NULL;
CREATE INDEX outbox_open ON outbox(contact, kind, state, ready_at) WHERE state IN (0, 1, 4);
CREATE INDEX outbox_contact ON outbox(contact, turn);
CREATE INDEX outbox_external ON outbox(external_id, account) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX outbox_page ON outbox(page_index) WHERE page_index IS NOT NULL;

-- id: contact * 1024 + slot, so that the timers of a contact lie together and need no further index.
-- name_index: keyed hash of contact and name. name: sealed, place "timer.name/id".
CREATE TABLE timer (
    id         INTEGER PRIMARY KEY,
    name_index BLOB    NOT NULL,
    name       BLOB    NOT NULL,
    turn       INTEGER NOT NULL,
    due        INTEGER NOT NULL
) STRICT;
CREATE INDEX timer_due ON timer(due);

-- state: bot::EscalationState, 3 is resolved. sealed: reason, heard, policy, acknowledged_by, resolved_by.
CREATE TABLE escalation (
    id              INTEGER PRIMARY KEY,
    code            TEXT    NOT NULL,
    contact         INTEGER NOT NULL REFERENCES contact(id),
    priority        INTEGER NOT NULL,
    state           INTEGER NOT NULL,
    call_do_not_text INTEGER NOT NULL,
    opened_at       INTEGER NOT NULL,
    next_rung       INTEGER NOT NULL,
    repeats         INTEGER NOT NULL,
    next_due        INTEGER,
    acknowledged_at INTEGER,
    updated_at      INTEGER NOT NULL,
    sealed          BLOB    NOT NULL
) STRICT;
CREATE UNIQUE INDEX escalation_code ON escalation(code) WHERE state < 3;
CREATE INDEX escalation_contact ON escalation(contact) WHERE state < 3;
CREATE INDEX escalation_due ON escalation(priority, next_due) WHERE next_due IS NOT NULL;

-- What happened to an escalation, for ever. sealed: who, detail.
CREATE TABLE escalation_log (
    id         INTEGER PRIMARY KEY,
    escalation INTEGER NOT NULL REFERENCES escalation(id),
    what       TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    sealed     BLOB    NOT NULL
) STRICT;
CREATE INDEX escalation_log_escalation ON escalation_log(escalation);
CREATE TRIGGER escalation_log_no_update BEFORE UPDATE ON escalation_log
BEGIN SELECT RAISE(ABORT, 'escalation_log is append-only'); END;
CREATE TRIGGER escalation_log_no_delete BEFORE DELETE ON escalation_log
BEGIN SELECT RAISE(ABORT, 'escalation_log is append-only'); END;

-- Who agreed to what, when, in which words, for ever. sealed: source, rule, wording.
CREATE TABLE consent_ledger (
    id      INTEGER PRIMARY KEY,
    contact INTEGER NOT NULL REFERENCES contact(id),
    consent INTEGER NOT NULL,  -- bot::Consent
    message INTEGER,
    at      INTEGER NOT NULL,
    sealed  BLOB    NOT NULL
) STRICT;
CREATE INDEX consent_ledger_contact ON consent_ledger(contact);
CREATE TRIGGER consent_ledger_no_update BEFORE UPDATE ON consent_ledger
BEGIN SELECT RAISE(ABORT, 'consent_ledger is append-only'); END;
CREATE TRIGGER consent_ledger_no_delete BEFORE DELETE ON consent_ledger
BEGIN SELECT RAISE(ABORT, 'consent_ledger is append-only'); END;

-- Webhooks owed to other systems. state: 0 due 1 claimed 2 sent 3 failed. sealed: payload.
CREATE TABLE hook (
    id       INTEGER PRIMARY KEY,
    endpoint TEXT    NOT NULL,
    event    TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    state    INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    at       INTEGER NOT NULL,
    ready_at INTEGER,
    updated_at INTEGER NOT NULL,
    sealed   BLOB    NOT NULL,
    UNIQUE (endpoint, key)
) STRICT;
CREATE INDEX hook_ready ON hook(ready_at) WHERE ready_at IS NOT NULL;
CREATE INDEX hook_claimed ON hook(id) WHERE state = 1;

-- Live events for dashboards; only the latest are kept, and the newest always is, so ids only grow.
CREATE TABLE event (
    id     INTEGER PRIMARY KEY,
    type   TEXT    NOT NULL,
    at     INTEGER NOT NULL,
    sealed BLOB    NOT NULL
) STRICT;

-- Requests refused for their signature, for the operator. sealed: request.
CREATE TABLE quarantine (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    account TEXT    NOT NULL,
    reason  TEXT    NOT NULL,
    sealed  BLOB    NOT NULL
) STRICT;

CREATE TRIGGER contact_high_water AFTER DELETE ON contact BEGIN
    INSERT INTO high_water VALUES ('contact', OLD.id) ON CONFLICT DO UPDATE SET id = max(id, excluded.id);
END;
CREATE TRIGGER inbound_high_water AFTER DELETE ON inbound BEGIN
    INSERT INTO high_water VALUES ('inbound', OLD.id) ON CONFLICT DO UPDATE SET id = max(id, excluded.id);
END;
CREATE TRIGGER outbox_high_water AFTER DELETE ON outbox BEGIN
    INSERT INTO high_water VALUES ('outbox', OLD.id) ON CONFLICT DO UPDATE SET id = max(id, excluded.id);
END;
CREATE TRIGGER escalation_high_water AFTER DELETE ON escalation BEGIN
    INSERT INTO high_water VALUES ('escalation', OLD.id) ON CONFLICT DO UPDATE SET id = max(id, excluded.id);
END;
CREATE TRIGGER quarantine_high_water AFTER DELETE ON quarantine BEGIN
    INSERT INTO high_water VALUES ('quarantine', OLD.id) ON CONFLICT DO UPDATE SET id = max(id, excluded.id);
END;
