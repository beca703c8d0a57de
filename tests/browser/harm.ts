import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withClient } from '@florin/postgres';
import { bankHome } from './bank.ts';

/** Does something to the database of a service that no service would: what a bad day leaves behind. */
export async function harm(
  service: 'notifications' | 'users',
  statement: string,
  ...values: readonly string[]
): Promise<void> {
  const folder = join(bankHome(), 'postgres');
  // Line 4 of a server's own file is its port.
  const port = readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[3];
  const url = new URL(`postgres://postgres@127.0.0.1:${port}/florin_${service}`);
  url.password = readFileSync(join(folder, 'password'), 'utf8').trim();
  await withClient(url.href, (client) => client.query(statement, [...values]));
}
