import { withClient } from './service-database.ts';

/** Everything that belongs to a role by itself and not by a grant. A role that may become an owner is one. */
const ROLE = `
  select r.rolsuper or r.rolbypassrls or r.rolcreaterole as "isSuperuser",
         exists (select from pg_database d where d.datname = current_database() and pg_has_role(d.datdba, 'member'))
           or exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                      where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_|information_schema$)'
                        and pg_has_role(c.relowner, 'member')) as "isOwner"
  from pg_roles r where r.rolname = current_user`;

/** What the role of an address may do beyond what it was granted: as good as everything, or what an owner may. */
export async function readRuntimeRole(
  url: string,
): Promise<{ readonly isSuperuser: boolean; readonly isOwner: boolean }> {
  return withClient(url, async (client) => {
    const { rows } = await client.query(ROLE);
    return rows[0];
  });
}
