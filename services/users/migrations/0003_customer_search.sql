-- Staff find customers by the words of their names. A name is sealed, so keyed hashes of its words lie beside it. NULL
-- means not indexed yet: the key is not here, so the service itself fills in the rows of before this migration.
ALTER TABLE person ADD COLUMN name_words bytea[];
-- Sign-ups are rare beside searches, which would look through the list of what is not sorted in yet every time.
CREATE INDEX person_name_words ON person USING gin (name_words) WITH (fastupdate = off);
CREATE INDEX person_name_words_missing ON person (id) WHERE name_words IS NULL;
CREATE INDEX person_registered ON person (registered_at, id);

-- On grants: what signed in, in our own words ("Chrome on Linux"), for its owner to recognise.
ALTER TABLE oidc_record ADD COLUMN device text CHECK (char_length(device) <= 40);
