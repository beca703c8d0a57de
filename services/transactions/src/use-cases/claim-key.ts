import { type CommandKey, takeKeys } from '../repositories/commands.ts';
import type { Ledger } from './ledger.ts';
import type { Shards } from './shards.ts';
import { keyText, type Outcome } from './submission.ts';
import { type KeyedCommand, submitCommand } from './submit-command.ts';

/** A key and the request it names. */
export type NamedRequest = CommandKey & { readonly fingerprint: string };

/** What is written under a key whose work is done in another shard. No answer has this status. */
const CLAIMED = { status: 0, body: '{}' };

/**
 * Claims keys at their caller's home before the work is done in another shard, as for a joint owner or at the counter. All
 * uses of a key meet there, so it names one request although the answers are kept where the work is done. Answers those
 * keys, as `keyText`, that name another request. The work of the others may go on, also again: the shard it is done in
 * knows whether it was done. A claim stays when the work was refused or never came, and only ever lets its own request
 * through.
 */
export async function claimKeys(
  shards: Pick<Shards, 'ofCustomer'>,
  caller: string,
  requests: readonly NamedRequest[],
): Promise<ReadonlySet<string>> {
  const wanted = requests.map(({ scope, key, fingerprint }) => ({ scope, key, fingerprint, ...CLAIMED }));
  const written = await takeKeys(shards.ofCustomer(caller).db, wanted);
  const fingerprints = new Map(written.map((record) => [keyText(record), record.fingerprint]));
  return new Set(
    requests.flatMap((request) =>
      fingerprints.get(keyText(request)) === request.fingerprint ? [] : [keyText(request)],
    ),
  );
}

/**
 * Does the work of a request in a shard, under a key of its caller's: when that is not the shard of their keys, the key is
 * claimed at their home first. `key-reused` when it names another request.
 */
export function underKey(
  shards: Pick<Shards, 'isHome' | 'ofCustomer'>,
  caller: string,
  ledger: Ledger,
  request: NamedRequest,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  return shards.isHome(caller, ledger) ? work() : claimThen(shards, caller, request, work);
}

async function claimThen(
  shards: Pick<Shards, 'ofCustomer'>,
  caller: string,
  request: NamedRequest,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  const reused = await claimKeys(shards, caller, [request]);
  return reused.size === 0 ? work() : { kind: 'key-reused' };
}

/** `submitCommand` in a shard, under a key of somebody's. */
export function submitUnderKey(
  shards: Pick<Shards, 'isHome' | 'ofCustomer'>,
  caller: string,
  ledger: Ledger,
  keyed: KeyedCommand,
): Promise<Outcome> {
  return underKey(shards, caller, ledger, keyed, () => submitCommand(ledger.groupCommit, keyed));
}
