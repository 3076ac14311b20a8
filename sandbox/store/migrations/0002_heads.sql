-- Heads of the log that witnesses have co-signed or are about to.

CREATE TABLE head (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;
