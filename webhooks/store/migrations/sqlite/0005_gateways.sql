-- What has been sent to a number, to numbers alike, in all: `scope` is a keyed hash of which. Only its latest window
-- is kept.
CREATE TABLE sent_count (
    scope     BLOB    PRIMARY KEY,
    window_at INTEGER NOT NULL,
    amount    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Pieces of a long text until all are there; then, without their words, for a while: a gateway may deliver one again.
-- part_index: keyed hash of account and external_id. text_index: of account, both numbers and the reference, which
-- gateways use again for another text. sealed: account, external_id, from, to, text.
CREATE TABLE inbound_part (
    id         INTEGER PRIMARY KEY,
    part_index BLOB    NOT NULL UNIQUE,
    text_index BLOB    NOT NULL,
    part       INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    joined     INTEGER NOT NULL DEFAULT 0,
    sealed     BLOB    NOT NULL
) STRICT;
CREATE INDEX inbound_part_text ON inbound_part(text_index, joined, part);
CREATE INDEX inbound_part_at ON inbound_part(joined, at);
