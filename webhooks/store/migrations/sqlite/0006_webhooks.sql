-- Webhooks that an administrator manages; those of the configuration are not in the store. state: WebhookState.
-- events: ",a,b," or empty for all. sealed: name, url, secret, the one before it, created_by.
CREATE TABLE webhook (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    state         INTEGER NOT NULL DEFAULT 0,
    events        TEXT    NOT NULL,
    old_until     INTEGER,
    failing_since INTEGER,
    created_at    INTEGER NOT NULL,
    sealed        BLOB    NOT NULL
) STRICT;
-- Their ids follow those of the configuration, which count from 1.
INSERT INTO sqlite_sequence(name, seq) VALUES ('webhook', 1000);

-- webhook: the managed one it goes to. outcome: of the last try, "204" or what went wrong.
ALTER TABLE hook ADD COLUMN webhook INTEGER;
ALTER TABLE hook ADD COLUMN outcome TEXT NOT NULL DEFAULT '';
CREATE INDEX hook_configured ON hook(ready_at) WHERE ready_at IS NOT NULL AND webhook IS NULL;
CREATE INDEX hook_managed ON hook(webhook, ready_at) WHERE ready_at IS NOT NULL AND webhook IS NOT NULL;
CREATE INDEX hook_of ON hook(endpoint, id);
CREATE INDEX hook_done ON hook(updated_at) WHERE state >= 2;
CREATE INDEX hook_owed ON hook(endpoint) WHERE state < 2;
