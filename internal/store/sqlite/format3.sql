-- From format 2 to 3: runs, what is derived, counts by month, and what persons,
-- outlets and channels are looked up by.

CREATE TABLE run (
    id      INTEGER PRIMARY KEY,
    begun   TEXT    NOT NULL,               -- RFC 3339, UTC; empty for the first
    program TEXT    NOT NULL,
    model   TEXT    NOT NULL,
    rules   TEXT    NOT NULL,
    active  INTEGER NOT NULL                -- 1 for one of them
) STRICT;
CREATE UNIQUE INDEX run_active ON run (active) WHERE active = 1;
INSERT INTO run VALUES (1, '', '', '', '', 1);

CREATE TABLE record (
    run      INTEGER NOT NULL REFERENCES run (id),
    article  INTEGER NOT NULL REFERENCES article (key) ON DELETE CASCADE,
    codebook INTEGER NOT NULL,
    program  TEXT    NOT NULL,
    model    TEXT    NOT NULL,
    rules    TEXT    NOT NULL,
    hash     BLOB    NOT NULL,              -- SHA-256 of body, text, origin, story and wire
    body     TEXT    NOT NULL               -- JSON of the record and its blocks, without the text
) STRICT;
INSERT INTO record SELECT 1, key, codebook, program, model, rules, record_hash, record FROM article ORDER BY key;
CREATE UNIQUE INDEX record_article ON record (article, run);
CREATE INDEX record_run ON record (run);
ALTER TABLE article DROP COLUMN record;
ALTER TABLE article DROP COLUMN record_hash;
ALTER TABLE article DROP COLUMN codebook;
ALTER TABLE article DROP COLUMN program;
ALTER TABLE article DROP COLUMN model;
ALTER TABLE article DROP COLUMN rules;
CREATE INDEX article_outlet ON article (outlet, known);
CREATE TRIGGER article_retitled AFTER UPDATE OF title ON article BEGIN
    INSERT INTO article_text (article_text, rowid, title, text) VALUES ('delete', old.key, old.title, old.text);
    INSERT INTO article_text (rowid, title, text) VALUES (new.key, new.title, new.text);
END;

ALTER TABLE report ADD COLUMN run INTEGER NOT NULL DEFAULT 1;
DROP INDEX report_dyad;
DROP INDEX report_article;
CREATE INDEX report_dyad ON report (run, dyad, known, until, origin, article);
CREATE INDEX report_origin ON report (run, dyad, origin, known);
CREATE INDEX report_article ON report (article, run, dyad);

DROP TABLE speaker;
CREATE TABLE speaker (
    run     INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES article (key) ON DELETE CASCADE,
    id      TEXT    NOT NULL,               -- empty: no actor that is known
    name    TEXT    NOT NULL,
    party   TEXT    NOT NULL,
    PRIMARY KEY (article, run, id, name, party)
) STRICT, WITHOUT ROWID;
CREATE INDEX speaker_id ON speaker (run, id, article) WHERE id <> '';
CREATE INDEX speaker_name ON speaker (run, lower(name), article);
CREATE INDEX speaker_party ON speaker (run, party, article);

CREATE TABLE stance (                       -- store.Stances
    run     INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES article (key) ON DELETE CASCADE,
    channel TEXT    NOT NULL,
    state   TEXT    NOT NULL,               -- empty: an act alone
    PRIMARY KEY (article, run, channel, state)
) STRICT, WITHOUT ROWID;
CREATE INDEX stance_channel ON stance (run, channel, state, article);

-- What one article adds to the months of a dyad (store.Shares), and the sums.
CREATE TABLE share (
    run     INTEGER NOT NULL,
    dyad    TEXT    NOT NULL,
    known   TEXT    NOT NULL,
    until   TEXT    NOT NULL,
    origin  TEXT    NOT NULL,
    article INTEGER NOT NULL REFERENCES article (key) ON DELETE CASCADE,
    claims  INTEGER NOT NULL,
    acts    INTEGER NOT NULL,
    events  TEXT    NOT NULL                -- JSON
) STRICT;
CREATE INDEX share_dyad ON share (run, dyad, known);
CREATE INDEX share_article ON share (article);
CREATE TABLE month (
    run   INTEGER NOT NULL,
    dyad  TEXT    NOT NULL,
    month TEXT    NOT NULL,
    body  TEXT    NOT NULL,                 -- JSON of store.Month; empty: touched, and not yet counted again
    PRIMARY KEY (run, dyad, month)
) STRICT, WITHOUT ROWID;
CREATE INDEX month_touched ON month (run) WHERE body = '';
CREATE TRIGGER share_added AFTER INSERT ON share BEGIN
    INSERT OR REPLACE INTO month VALUES (new.run, new.dyad, substr(new.known, 1, 7), '');
END;
CREATE TRIGGER share_moved AFTER UPDATE OF known, until, origin ON share BEGIN
    INSERT OR REPLACE INTO month VALUES (old.run, old.dyad, substr(old.known, 1, 7), '');
    INSERT OR REPLACE INTO month VALUES (new.run, new.dyad, substr(new.known, 1, 7), '');
END;
CREATE TRIGGER share_removed AFTER DELETE ON share BEGIN
    INSERT OR REPLACE INTO month VALUES (old.run, old.dyad, substr(old.known, 1, 7), '');
END;

-- The series of a dyad, as it was folded last, and what has changed since.
CREATE TABLE series (
    run   INTEGER NOT NULL,
    dyad  TEXT    NOT NULL,
    rules TEXT    NOT NULL,                 -- version of the rules of the fold
    seq   INTEGER NOT NULL,                 -- tells this state of it from others, as in mark
    PRIMARY KEY (run, dyad)
) STRICT, WITHOUT ROWID;
CREATE INDEX series_seq ON series (run, seq);
CREATE TABLE told (                         -- how much, by the end of a day
    run     INTEGER NOT NULL,
    dyad    TEXT    NOT NULL,
    day     TEXT    NOT NULL,
    reports INTEGER NOT NULL,
    origins INTEGER NOT NULL,
    latest  TEXT    NOT NULL,
    PRIMARY KEY (run, dyad, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE channel_spell (                -- each ends where the channel's next begins
    run     INTEGER NOT NULL,
    dyad    TEXT    NOT NULL,
    channel TEXT    NOT NULL,
    first   TEXT    NOT NULL,               -- known so from this day on
    turn    INTEGER NOT NULL,               -- 1: another state than before
    body    TEXT    NOT NULL,               -- JSON of detente.ChannelState
    PRIMARY KEY (run, dyad, channel, first)
) STRICT, WITHOUT ROWID;
CREATE INDEX channel_turn ON channel_spell (run, dyad, channel, first) WHERE turn = 1;
CREATE TABLE dispute_spell (
    run   INTEGER NOT NULL,
    dyad  TEXT    NOT NULL,
    first TEXT    NOT NULL,
    until TEXT    NOT NULL,                 -- empty: still so
    day   TEXT    NOT NULL,                 -- of the last claim in it
    body  TEXT    NOT NULL                  -- JSON of detente.Dispute
) STRICT;
CREATE INDEX dispute_day ON dispute_spell (run, dyad, day, first, until);
CREATE INDEX dispute_open ON dispute_spell (run, dyad, until);

CREATE TABLE change (n INTEGER NOT NULL) STRICT;  -- one row: it only grows, with every mark that is made and every series saved
INSERT INTO change VALUES (0);
CREATE TABLE mark (                         -- series that must be folded anew
    run  INTEGER NOT NULL,
    dyad TEXT    NOT NULL,
    day  TEXT    NOT NULL,                  -- from this known-on day on
    seq  INTEGER NOT NULL,                  -- tells a mark from a later one
    PRIMARY KEY (run, dyad)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER report_added AFTER INSERT ON report BEGIN
    UPDATE change SET n = n + 1;
    INSERT INTO mark SELECT new.run, new.dyad, new.known, n FROM change WHERE true
        ON CONFLICT DO UPDATE SET day = min(day, excluded.day), seq = excluded.seq;
END;
CREATE TRIGGER report_moved AFTER UPDATE OF known, until, origin ON report BEGIN
    UPDATE change SET n = n + 1;
    INSERT INTO mark SELECT new.run, new.dyad, min(old.known, new.known), n FROM change WHERE true
        ON CONFLICT DO UPDATE SET day = min(day, excluded.day), seq = excluded.seq;
END;
CREATE TRIGGER report_removed AFTER DELETE ON report BEGIN
    UPDATE change SET n = n + 1;
    INSERT INTO mark SELECT old.run, old.dyad, old.known, n FROM change WHERE true
        ON CONFLICT DO UPDATE SET day = min(day, excluded.day), seq = excluded.seq;
END;
INSERT INTO mark SELECT DISTINCT 1, dyad, '', 0 FROM report;
