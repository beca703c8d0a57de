import type { CommandKey } from '../repositories/commands.ts';
import { takeKeyOrFind } from '../repositories/standing-order-payments.ts';
import type { Shards } from './shards.ts';
import type { Outcome } from './submission.ts';

/** What is written under a key whose work is done in another shard. No answer has this status. */
const CLAIMED = { status: 0, body: '' };

/**
 * Claims a key at its caller's home before the work is done in another shard, as for a joint owner or at the counter. All
 * uses of a key meet there, so it names one request although the answers are kept where the work is done. Null when the
 * work may go on (also again: the other shard knows whether it was done), `key-reused` when the key names another request.
 */
export async function claimKey(
  shards: Pick<Shards, 'ofCustomer'>,
  subject: string,
  { scope, key, fingerprint }: CommandKey & { readonly fingerprint: string },
): Promise<Outcome | null> {
  const { db } = shards.ofCustomer(subject);
  const found = await db.transaction((tx) => takeKeyOrFind(tx, { scope, key, fingerprint, ...CLAIMED }));
  if (found === undefined || found.fingerprint === fingerprint) return null;
  return { kind: 'key-reused' };
}
