-- Keys that sign in in place of a password (WebAuthn). credential: keyed hash of the authenticator's id for it.
-- algorithm: as COSE numbers them (-7, -8, -257). sign_count: the authenticator's own, 0 where it keeps none.
-- sealed: name, the credential's id, its public key.
CREATE TABLE passkey (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    account      INTEGER NOT NULL REFERENCES account(id),
    credential   BLOB    NOT NULL UNIQUE,
    algorithm    INTEGER NOT NULL,
    sign_count   INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER,
    sealed       BLOB    NOT NULL
) STRICT;
CREATE INDEX passkey_account ON passkey(account);
