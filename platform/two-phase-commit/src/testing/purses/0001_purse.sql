-- Something to move between two databases.
create table purse (
  id text primary key,
  cents bigint not null
);
grant select, insert, update on purse to :runtime_role;

-- Holds a PREPARE up, so that a test can cut the connection in the middle of it.
create function wait_at_prepare() returns trigger language plpgsql as $$
begin
  if new.id = 'slow' then perform pg_sleep(30); end if;
  return null;
end $$;
create constraint trigger wait_at_prepare after update on purse
  deferrable initially deferred for each row execute function wait_at_prepare();
