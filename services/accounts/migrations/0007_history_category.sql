-- What a line was for, as the rules of domain/categorise.ts had it when the line came in.
ALTER TABLE history ADD COLUMN category text NOT NULL DEFAULT 'other';
