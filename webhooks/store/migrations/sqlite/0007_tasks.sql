-- What a human is to do for a contact at a time of its own. kind: bot::TaskKind. state: 0 open 1 done 2 missed
-- 3 cancelled. next_at: when it is next looked at, first to page, then because it is late; null when there is
-- nothing more to come of itself. sealed: words, ended_by.
CREATE TABLE task (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    contact  INTEGER NOT NULL REFERENCES contact(id),
    kind     INTEGER NOT NULL,
    state    INTEGER NOT NULL DEFAULT 0,
    from_at  INTEGER NOT NULL,
    until_at INTEGER,
    late_at  INTEGER,
    next_at  INTEGER,
    paged_at INTEGER,
    made_at  INTEGER NOT NULL,
    ended_at INTEGER,
    sealed   BLOB    NOT NULL
) STRICT;
CREATE INDEX task_next ON task(next_at) WHERE next_at IS NOT NULL;
CREATE UNIQUE INDEX task_open ON task(contact, kind) WHERE state = 0;

-- What an outside tool has told us of a case: once for each id of its own. key: keyed hash of hook and id.
CREATE TABLE outside_event (
    key BLOB    PRIMARY KEY,
    at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX outside_event_at ON outside_event(at);
