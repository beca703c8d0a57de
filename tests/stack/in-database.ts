import { openDatabase, type Statement } from '@florin/postgres';
import { postgresUrl } from '../../tools/stack/plan.ts';
import type { RunningStack } from './running-stack.ts';

/** Does to a database of the bank what no service would, on the server that leads; answers the rows. */
export async function inDatabase(stack: RunningStack, name: string, statement: Statement): Promise<readonly unknown[]> {
  const url = new URL(postgresUrl(stack.home, stack.ports, stack.leader()));
  url.pathname = `/${name}`;
  const database = openDatabase({ url: url.href, applicationName: 'test', poolSize: 1 });
  return database.query(statement).finally(() => database.close());
}
