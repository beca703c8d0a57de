import {
  type Approvable,
  type Approval,
  type ApprovalDesk,
  type ApprovalFailure,
  type AskFailure,
  ask,
} from '@florin/approvals';
import { formatMoney, parseMoney } from '@florin/money';
import { bucketOf, Fault, fail, invariant, ok, type Result } from '@florin/primitives';
import { isOwner } from '../domain/account.ts';
import type { LedgerFailure } from '../domain/failures.ts';
import { ownAccount } from '../domain/rules.ts';
import { submitUnderKey } from './claim-key.ts';
import { findLedgerAccount } from './find-ledger-account.ts';
import type { Shards } from './shards.ts';

export type CashKind = 'deposit' | 'withdrawal';

interface CashRequest {
  readonly kind: CashKind;
  readonly accountId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly reference: string;
  readonly idempotencyKey: string;
}

/**
 * Asks that more cash be moved than a teller moves alone; a second person decides, and nothing is booked before. The same
 * key is the same question. Fails with `account-not-found` or `own-account`; all else is decided when it is booked.
 */
export async function askForCash(
  shards: Shards,
  desk: ApprovalDesk,
  actor: { readonly subject: string; readonly roles: readonly string[]; readonly traceId: string },
  request: CashRequest,
): Promise<Result<Approval, LedgerFailure | AskFailure>> {
  const { kind, accountId, amountMinor, currency, reference, idempotencyKey } = request;
  const account = await findLedgerAccount(shards.ofId(accountId), accountId);
  if (account === undefined) return fail({ code: 'account-not-found', detail: 'There is no such account.' });
  if (isOwner(account, actor.subject)) return ownAccount();
  return ask(desk, actor, {
    action: `cash.${kind}`,
    resource: accountId,
    payload: { ...formatMoney(amountMinor, currency), reference, iban: account.iban },
    reason: reference === '' ? NO_REFERENCE : reference,
    bucket: bucketOf(accountId),
    requestKey: `${actor.subject} ${kind} ${idempotencyKey}`,
  });
}

const NO_REFERENCE = 'No reference was given.';

/** How cash is moved that two people agree about. */
export function cashApprovables(shards: Shards): ApprovalDesk['kinds'] {
  return { 'cash.deposit': cashApprovable(shards, 'deposit'), 'cash.withdrawal': cashApprovable(shards, 'withdrawal') };
}

/** As the teller who asked, under a key of the approval's own. */
function cashApprovable(shards: Shards, kind: CashKind): Approvable {
  return {
    async carryOut(approval, settle) {
      const { id, resource: accountId, maker } = approval;
      const { amountMinor, currency, reference } = moneyOf(approval);
      const ledger = shards.ofId(accountId);
      const outcome = await submitUnderKey(shards, maker, ledger, {
        scope: `${maker} approved-${kind}`,
        key: id,
        fingerprint: approval.fingerprint,
        command: {
          kind,
          id: ledger.newId(bucketOf(accountId)),
          ...{ actor: maker, accountId, amountMinor, currency, reference },
        },
        present: (result) => ({
          status: result.ok ? 201 : 422,
          body: JSON.stringify(result.ok ? {} : { code: result.failure.code, detail: result.failure.detail }),
          isFinal: true,
        }),
      });
      if (outcome.kind !== 'answered') throw new Fault(outcome.kind, 'the account is busy', { retryable: true });
      if (outcome.status >= 400) return fail(JSON.parse(outcome.body) as ApprovalFailure);
      // A crash before this is no harm: the key finds that it is booked.
      await ledger.db.transaction(settle);
      return ok(null);
    },
    async refusal({ resource }, checker) {
      const account = await findLedgerAccount(shards.ofId(resource), resource);
      if (account === undefined || !isOwner(account, checker)) return undefined;
      return { code: 'own-account', detail: 'Nobody decides about an account of their own.' };
    },
    async current({ resource }) {
      const account = await findLedgerAccount(shards.ofId(resource), resource);
      if (account === undefined) return {};
      return {
        status: account.status,
        iban: account.iban,
        balance: formatMoney(account.postedMinor, account.currency).amount,
      };
    },
  };
}

function moneyOf({ payload }: Approval) {
  const { amount = '', currency = '', reference = '' } = payload;
  const money = parseMoney({ amount, currency });
  invariant(money.ok, 'an amount that was asked for is one');
  return { ...money.value, reference };
}
