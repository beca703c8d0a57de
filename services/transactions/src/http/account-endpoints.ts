import { getLedgerAccount, listLedgerPostings, PAGE_SIZE_DEFAULT, putLedgerAccount } from '@florin/contracts';
import { commonProblem, type Endpoint, endpoint } from '@florin/http';
import { CURRENCIES } from '@florin/money';
import { findLedgerAccount } from '../use-cases/find-ledger-account.ts';
import type { BusinessTime } from '../use-cases/keep-business-time.ts';
import { listPostings } from '../use-cases/list-postings.ts';
import { putAccount } from '../use-cases/put-account.ts';
import type { Shards } from '../use-cases/shards.ts';
import { fingerprintOf, outcomeReply } from './outcome-reply.ts';
import { presentLedgerAccount, presentLine } from './presenters.ts';
import { refusal, refusalAnswer } from './problems.ts';

const UNKNOWN_CURRENCY = { code: 'unknown-currency', detail: 'There is no such currency.' } as const;
/** A posting id: a cursor of ours and nothing else. */
const CURSOR = /^\d{1,18}$/;
const IN_TWO_SHARDS = [{ path: '/iban', message: 'must be of the same shard as the id' }];
const IBAN_TAKEN = { code: 'iban-taken', detail: 'Another account has this IBAN.' } as const;
const NOT_FOUND = { code: 'account-not-found', detail: 'There is no such account.' } as const;

/** What the accounts service puts in force, and what it asks when its read model is behind. */
export function accountEndpoints(shards: Shards, time: Pick<BusinessTime, 'now'>): Endpoint[] {
  const read = async (id: string, traceId: string) => {
    // The clock first: what the account does not show yet is booked at this moment or later, a running batch apart.
    const { nowMs } = time.now();
    const account = await findLedgerAccount(shards.ofId(id), id);
    return account === undefined
      ? refusal(NOT_FOUND, traceId)
      : { status: 200, body: presentLedgerAccount(account, nowMs) };
  };
  return [
    endpoint(putLedgerAccount, async ({ params, body, principal, traceId }) => {
      if (!CURRENCIES.has(body.currency)) return refusal(UNKNOWN_CURRENCY, traceId);
      const ledger = shards.ofId(params.id);
      // An account is found by either; two ways that part would lead to two accounts.
      if (shards.ofIban(body.iban) !== ledger)
        return commonProblem('invalid-request', traceId, { errors: IN_TWO_SHARDS });
      const outcome = await putAccount(ledger, {
        scope: `${principal.subject} putLedgerAccount`,
        key: `${params.id}:${body.controlVersion}`,
        fingerprint: fingerprintOf('putLedgerAccount', params.id, JSON.stringify(body)),
        command: {
          kind: 'control',
          accountId: params.id,
          controlVersion: body.controlVersion,
          iban: body.iban,
          holderName: body.holderName,
          currency: body.currency,
          status: body.status,
          owners: body.owners,
          overdraftMinor: BigInt(body.overdraftMinor),
          dailyLimitMinor: BigInt(body.dailyLimitMinor),
          transferFeeMinor: BigInt(body.transferFeeMinor),
        },
        // The control version is its own guard against repetition, so only what changed something is remembered.
        present: (result) => {
          if (!result.ok) return { ...refusalAnswer(result.failure, traceId), isFinal: false };
          const [account] = result.value.accounts;
          if (account === undefined) return { status: 204, body: '', isFinal: false };
          const body = JSON.stringify(presentLedgerAccount(account, time.now().nowMs));
          return { status: 200, body, isFinal: false };
        },
      });
      if (outcome.kind === 'iban-taken') return refusal(IBAN_TAKEN, traceId);
      const isUnchanged = outcome.kind === 'answered' && outcome.status === 204;
      return isUnchanged ? read(params.id, traceId) : outcomeReply(outcome, traceId);
    }),
    endpoint(getLedgerAccount, ({ params, traceId }) => read(params.id, traceId)),
    endpoint(listLedgerPostings, async ({ params, query, traceId }) => {
      if (query.cursor !== undefined && !CURSOR.test(query.cursor)) {
        return commonProblem('invalid-request', traceId, { errors: [{ path: '/cursor', message: 'is not a cursor' }] });
      }
      const page = await listPostings(shards.ofId(params.id), params.id, {
        limit: query.limit ?? PAGE_SIZE_DEFAULT,
        before: query.cursor === undefined ? null : BigInt(query.cursor),
        afterVersion: query.afterVersion ?? 0,
      });
      if (page === undefined) return refusal(NOT_FOUND, traceId);
      return {
        status: 200,
        body: { data: page.lines.map(presentLine), nextCursor: page.nextBefore?.toString() ?? null },
      };
    }),
  ];
}
