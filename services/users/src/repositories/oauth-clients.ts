import { type Executor, sql, type Tx } from '@florin/postgres';
import type { ThirdPartyClient } from '../domain/third-party.ts';

/** One page shows them all; a bank that has more has forgotten some. */
const CLIENTS_MAX = 200;

type ClientRow = Omit<ThirdPartyClient, 'registeredAtMs'> & { readonly registeredAt: Date };

const COLUMNS = sql`id, name, redirect_uris AS "redirectUris", scopes, jwks AS keys, status,
  registered_at AS "registeredAt"`;

function toClient({ registeredAt, ...row }: ClientRow): ThirdPartyClient {
  return { ...row, registeredAtMs: registeredAt.getTime() };
}

/** Stores a program; undefined when there are as many as there may be. */
export async function insertClient(
  tx: Tx,
  client: Omit<ThirdPartyClient, 'status' | 'registeredAtMs'>,
  registeredBy: string,
): Promise<ThirdPartyClient | undefined> {
  const rows = await tx.query<ClientRow>(sql`
    INSERT INTO oauth_client (id, name, redirect_uris, scopes, jwks, registered_by)
    SELECT ${client.id}, ${client.name}, ${client.redirectUris}::text[], ${client.scopes}::text[],
           ${JSON.stringify(client.keys)}::jsonb, ${registeredBy}
     WHERE (SELECT count(*) FROM oauth_client) < ${CLIENTS_MAX}
    RETURNING ${COLUMNS}`);
  return rows[0] && toClient(rows[0]);
}

/** The newest first. */
export async function readClients(on: Executor): Promise<readonly ThirdPartyClient[]> {
  const rows = await on.query<ClientRow>(sql`
    SELECT ${COLUMNS} FROM oauth_client ORDER BY registered_at DESC, id LIMIT ${CLIENTS_MAX}`);
  return rows.map(toClient);
}

/** A program that may still ask for something. */
export async function findActiveClient(on: Executor, id: string): Promise<ThirdPartyClient | undefined> {
  const rows = await on.query<ClientRow>(sql`
    SELECT ${COLUMNS} FROM oauth_client WHERE id = ${id} AND status = 'active'`);
  return rows[0] && toClient(rows[0]);
}

/** Shuts a program out; undefined when there is none of this id. */
export async function disableClientRow(on: Executor, id: string): Promise<ThirdPartyClient | undefined> {
  const rows = await on.query<ClientRow>(sql`
    UPDATE oauth_client SET status = 'disabled' WHERE id = ${id} RETURNING ${COLUMNS}`);
  return rows[0] && toClient(rows[0]);
}
