import { hash, randomBytes } from 'node:crypto';
import { bucketOf, type Clock } from '@florin/primitives';
import type { ApprovalRequest } from '../domain/approval.ts';
import type { Payer, StrongAuthentication } from '../domain/payer.ts';
import { findPayeeByIban } from '../repositories/payees.ts';
import type { Ledger } from './ledger.ts';
import { findAccountByIban, findAccountsAnywhere, type Shards } from './shards.ts';

/** What asking for a confirmation takes. */
export interface Approvals {
  readonly shards: Shards<Pick<Ledger, 'db' | 'newId'>>;
  readonly strongAuthentication: StrongAuthentication;
  /** The system's: challenges do not end because the bank's clock is moved. */
  readonly clock: Clock;
}

/** A challenge is answered, and its payment sent, within so long. */
const CHALLENGE_MS = 5 * 60_000;
const NONCE_BYTES = 16;

/**
 * What the ledger needs to decide whether a payment is confirmed; undefined when its payer is asked nothing, and then nothing
 * is read either. The payee is looked at before the accounts are locked: whose an account is, and whom somebody trusts, may be
 * a moment old.
 */
export async function requestApproval(
  approvals: Approvals,
  payer: Payer,
  payment: {
    readonly debitAccountId: string;
    /** By the id of the account, or by its IBAN. */
    readonly payee: { readonly accountId: string } | { readonly iban: string };
    readonly confirmationId: string | null;
  },
): Promise<ApprovalRequest | undefined> {
  const { shards, strongAuthentication, clock } = approvals;
  if (strongAuthentication === 'enrolled' && !payer.hasSecondFactor) return undefined;
  if (payer.hasConsented === true) return undefined;
  const { debitAccountId, payee, confirmationId } = payment;
  const [account] =
    'iban' in payee
      ? [await findAccountByIban(shards, payee.iban)]
      : await findAccountsAnywhere(shards, [payee.accountId]);
  const iban = account?.iban ?? '';
  const isOwn = account !== undefined && account.owners.length === 1 && account.owners[0] === payer.subject;
  const kept = isOwn ? undefined : await findPayeeByIban(shards.ofCustomer(payer.subject).db, payer.subject, iban);
  return {
    ...payer,
    payee: {
      standing: isOwn ? 'own' : kept?.isTrusted === true ? 'trusted' : 'new',
      iban,
      name: kept?.name ?? null,
    },
    confirmationId,
    draft: {
      id: shards.first.newId(bucketOf(debitAccountId)),
      nonce: randomBytes(NONCE_BYTES).toString('base64url'),
      expiresAtMs: clock() + CHALLENGE_MS,
    },
    digest: (text) => hash('sha256', text, 'base64url'),
  };
}
