-- The catalogue: what is listed and found by its words, the bodies that answer for it, what they
-- want listed, what somebody misses, and who was given a file of unconditional data.

CREATE TABLE record (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
);

CREATE TABLE owner (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
);

CREATE TABLE proposal (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
);

CREATE TABLE demand (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
);

CREATE TABLE download (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
);

-- Words are our own (`sandbox.store.words`); no dictionary of the server has a part in them.
CREATE TABLE record_words (
    position BIGINT PRIMARY KEY REFERENCES record (position),
    words TSVECTOR NOT NULL
);

CREATE INDEX record_words_words ON record_words USING gin (words);
