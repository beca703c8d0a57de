import type { Tx } from '@florin/postgres';
import { fail, ok, type Result } from '@florin/primitives';
import type { Confirmation } from '../domain/approval.ts';
import type { Payer } from '../domain/payer.ts';
import type { FactorProof, FactorRefusal, PasskeyDescriptors } from '../domain/second-factor.ts';
import { findConfirmations, markConfirmed } from '../repositories/confirmations.ts';
import type { Shards, Stored } from './shards.ts';

/** Who keeps people's second factors. A factor is checked for one hash; a code is spent by it. */
export interface SecondFactors {
  check(payer: Payer, hash: string, proof: FactorProof): Promise<Result<void, FactorRefusal>>;
  passkeysOf(subject: string): Promise<PasskeyDescriptors>;
}

/** An answer to a challenge, for the audit trail; a refusal says why. */
export interface AnsweredFact {
  readonly confirmationId: string;
  readonly payer: Payer;
  readonly refusal: string | null;
}

export interface Confirmations {
  readonly shards: Shards<Stored>;
  readonly factors: SecondFactors;
  readonly publish: (tx: Tx, fact: AnsweredFact) => Promise<void>;
  /** Called when something was published in the shard of an id. */
  readonly published: (id: string) => void;
}

export interface NotConfirmable {
  readonly code: 'confirmation-not-found' | 'confirmation-over';
  readonly detail: string;
}

/**
 * Confirms a payment: the factor is asked for with the hash of that payment. Confirming again what is confirmed changes
 * nothing and spends no code. Fails with `confirmation-not-found` for what is not the payer's in this sign-in,
 * `confirmation-over`, or what is wrong with the factor.
 */
export async function confirmPayment(
  deps: Confirmations,
  payer: Payer,
  id: string,
  proof: FactorProof,
): Promise<Result<Confirmation, NotConfirmable | FactorRefusal>> {
  const found = await findOpen(deps, payer, id);
  if (!found.ok) return found;
  if (found.value.isConfirmed) return found;
  const checked = await deps.factors.check(payer, found.value.hash, proof);
  const { db } = deps.shards.ofId(id);
  const isConfirmed = await db.transaction(async (tx) => {
    const isMarked = checked.ok && (await markConfirmed(tx, id));
    const refusal = checked.ok ? 'confirmation-over' : checked.failure.code;
    await deps.publish(tx, { confirmationId: id, payer, refusal: isMarked ? null : refusal });
    return isMarked;
  });
  deps.published(id);
  if (!checked.ok) return checked;
  return isConfirmed ? found : OVER;
}

/** What a passkey is asked to sign. */
export async function passkeyChallenge(
  deps: Confirmations,
  payer: Payer,
  id: string,
): Promise<Result<PasskeyDescriptors & { readonly challenge: string }, NotConfirmable>> {
  const found = await findOpen(deps, payer, id);
  if (!found.ok) return found;
  return ok({ challenge: found.value.hash, ...(await deps.factors.passkeysOf(payer.subject)) });
}

async function findOpen(
  { shards }: Confirmations,
  payer: Payer,
  id: string,
): Promise<Result<Confirmation, NotConfirmable>> {
  const [found] = await findConfirmations(shards.ofId(id).db, [id]);
  if (found === undefined || found.subject !== payer.subject || found.sessionId !== payer.sessionId) return NOT_FOUND;
  return found.isOpen && !found.isUsed ? ok(found) : OVER;
}

const NOT_FOUND = fail<NotConfirmable>({
  code: 'confirmation-not-found',
  detail: 'There is nothing of this id for you to confirm.',
});

const OVER = fail<NotConfirmable>({
  code: 'confirmation-over',
  detail: 'This took longer than five minutes, or is done. Send the payment again.',
});
