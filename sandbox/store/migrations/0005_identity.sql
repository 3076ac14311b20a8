-- Tokens end, are revoked and have names of their own; people may have passwords.
--
-- A token was known by the whole SHA-256 of its secret; the first half of it is its name now. The
-- document is a list of one object, so the name becomes that object's first field.

CREATE TABLE token (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;

INSERT INTO token (key, document)
SELECT substr(key, 1, 32), '[{"id":"' || substr(key, 1, 32) || '",' || substr(document, 3)
FROM principal ORDER BY position;

DROP TABLE principal;

CREATE TABLE login (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;
