-- The site's own key may change. Books without a row have the key that the ledger was begun under.

CREATE TABLE site_key (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
);
