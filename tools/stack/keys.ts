import { type Database, openDatabase } from '@florin/postgres';
import { keyedServices, rotateKeys, type Wish } from '../key-rotation.ts';
import { planStack, type StackOptions } from './plan.ts';
import { superuserUrl } from './postgres.ts';
import { leaderOf } from './replication.ts';

/** New keys for a stack that runs, of the kinds that are wished for; says how far it is until they are in use. */
export async function rotateStackKeys(options: StackOptions, wishes: readonly Wish[]): Promise<void> {
  const { home, progress } = options;
  const { postgres, place } = await planStack(options);
  const opened: Database[] = [];
  const open = (url: string): Database => {
    const database = openDatabase({ url, applicationName: 'stack', poolSize: 1 });
    opened.push(database);
    return database;
  };
  try {
    const services = keyedServices(home, superuserUrl(postgres, leaderOf(postgres)), place.secrets, open);
    await rotateKeys(services, wishes, (sentence) => progress('keys', sentence));
  } finally {
    await Promise.all(opened.map((database) => database.close()));
  }
}
