-- Ways that a page takes beside the text that leaves at once: later texts, calls, e-mails, webhooks. by: bot::PageBy.
-- state: 0 waiting 1 claimed 2 calling 3 handed_over 4 answered 5 not_reached 6 failed 7 cancelled. ready_at: when a
-- waiting row may be claimed, or a call counts as not answered. key_index: keyed hash of the key.
-- sealed: responder, hook, key, note.
CREATE TABLE page (
    id         INTEGER PRIMARY KEY,
    escalation INTEGER REFERENCES escalation(id),
    by         INTEGER NOT NULL,
    state      INTEGER NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    at         INTEGER NOT NULL,
    ready_at   INTEGER,
    updated_at INTEGER NOT NULL,
    key_index  BLOB    NOT NULL UNIQUE,
    sealed     BLOB    NOT NULL
) STRICT;
CREATE INDEX page_ready ON page(ready_at) WHERE ready_at IS NOT NULL;
CREATE INDEX page_open ON page(state) WHERE state < 3;
CREATE INDEX page_escalation ON page(escalation) WHERE escalation IS NOT NULL;

-- What is known of a responder's phone. name_index: keyed hash of the name. sealed: name.
CREATE TABLE responder (
    name_index BLOB    PRIMARY KEY,
    stopped_at INTEGER,  -- texted STOP since they were last heard of
    heard_at   INTEGER,  -- last text or key press from it
    sealed     BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

-- Somebody else on call for a time. sealed: schedule, person, instead_of.
CREATE TABLE oncall_override (
    id         INTEGER PRIMARY KEY,
    from_at    INTEGER NOT NULL,
    until_at   INTEGER NOT NULL,
    sealed     BLOB    NOT NULL
) STRICT;
CREATE INDEX oncall_override_until ON oncall_override(until_at);
