-- The catalogue: what is listed and found by its words, the bodies that answer for it, what they
-- want listed, what somebody misses, and who was given a file of unconditional data.

CREATE TABLE record (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE owner (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE proposal (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE demand (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE download (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;

-- Words are separated by spaces and are our own (`sandbox.store.words`): this tokenizer takes every
-- sign beyond ASCII for a letter, so it never takes one of them apart.
CREATE VIRTUAL TABLE record_words USING fts5 (
    title, everything, detail = column, prefix = '2 3', tokenize = 'ascii'
);
