-- What the consumer tests write: one row an event, in the order of handling.
create table effect (place bigint generated always as identity primary key, number integer not null);
grant select, insert, delete on effect to :runtime_role;
