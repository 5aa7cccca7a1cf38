-- How an identity provider knows an account (OpenID Connect): the login that an administrator has written down, and
-- whose it turned out to be (issuer and subject), at the first sign-in. Keyed hashes; the login itself is sealed.
ALTER TABLE account ADD COLUMN login_index BLOB;
ALTER TABLE account ADD COLUMN subject_index BLOB;
CREATE UNIQUE INDEX account_login ON account(login_index) WHERE login_index IS NOT NULL;
CREATE UNIQUE INDEX account_subject ON account(subject_index) WHERE subject_index IS NOT NULL;
