-- What is still owed comes first in the order of states, so that "open" is one comparison: 0 queued 1 wired
-- 2 errored 3 sent 4 delivered 5 failed 6 unknown 7 cancelled 8 stale.
DROP INDEX outbox_open;
UPDATE outbox SET state = CASE state WHEN 4 THEN 2 WHEN 2 THEN 3 ELSE 4 END WHERE state IN (2, 3, 4);
CREATE INDEX outbox_open ON outbox(contact) WHERE state < 3;

-- The live events of one commit share a row, whose id is that of the last of them. sealed: type, time and data of
-- each. Only the latest are kept, and the newest always is, so ids only grow.
INSERT INTO high_water SELECT 'event', id FROM event ORDER BY id DESC LIMIT 1;
DROP TABLE event;
CREATE TABLE event_batch (
    id     INTEGER PRIMARY KEY,
    sealed BLOB    NOT NULL
) STRICT;
