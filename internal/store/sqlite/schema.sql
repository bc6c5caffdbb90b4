-- The store's format 1. docs/format-store.md says what each column means;
-- a change here is a new format number and a migration.

CREATE TABLE article (
    key         INTEGER PRIMARY KEY,
    id          TEXT    NOT NULL UNIQUE,
    url         TEXT    NOT NULL,
    outlet      TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    published   TEXT    NOT NULL,           -- as given: a day, a month, a year or empty
    known       TEXT    NOT NULL,           -- the day from which as-of queries see it
    read_at     TEXT    NOT NULL,           -- first reading of this text, RFC 3339, UTC
    origin      TEXT    NOT NULL,           -- same for syndicated copies; empty: its own
    codebook    INTEGER NOT NULL,
    program     TEXT    NOT NULL,
    model       TEXT    NOT NULL,
    rules       TEXT    NOT NULL,
    text        TEXT    NOT NULL,
    record      TEXT    NOT NULL,           -- JSON of the record and its blocks, without the text
    record_hash BLOB    NOT NULL            -- SHA-256 of record, text and origin
) STRICT;
CREATE INDEX article_known ON article (known DESC, id);

CREATE TABLE report (
    dyad    TEXT    NOT NULL,
    known   TEXT    NOT NULL,
    origin  TEXT    NOT NULL,               -- never empty: the article's id where it has none
    article INTEGER NOT NULL REFERENCES article (key) ON DELETE CASCADE,
    body    TEXT    NOT NULL                -- JSON: acts, claims, statements, sentences
) STRICT;
CREATE INDEX report_dyad ON report (dyad, known, origin, article);
CREATE INDEX report_article ON report (article, dyad);

CREATE TABLE speaker (
    article INTEGER NOT NULL REFERENCES article (key) ON DELETE CASCADE,
    name    TEXT    NOT NULL,
    party   TEXT    NOT NULL,
    PRIMARY KEY (article, name, party)
) STRICT, WITHOUT ROWID;
CREATE INDEX speaker_party ON speaker (party, article);

CREATE VIRTUAL TABLE article_text USING fts5 (
    title, text,
    content = 'article', content_rowid = 'key',
    tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER article_added AFTER INSERT ON article BEGIN
    INSERT INTO article_text (rowid, title, text) VALUES (new.key, new.title, new.text);
END;
CREATE TRIGGER article_removed AFTER DELETE ON article BEGIN
    INSERT INTO article_text (article_text, rowid, title, text) VALUES ('delete', old.key, old.title, old.text);
END;
