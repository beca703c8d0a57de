import { setTimeout as sleep } from 'node:timers/promises';
import {
  getLedgerAccount,
  type LedgerAccountAnswer,
  listLedgerPostings,
  PAGE_SIZE_MAX,
  putLedgerAccount,
  type RouteContract,
} from '@florin/contracts';
import { type ServiceCall, type ServiceResponse, timeLeft } from '@florin/http';
import { Fault, fail, ok, type Result } from '@florin/primitives';
import type { InternalTokens } from '@florin/security';
import type { LedgerBalance } from '../domain/balance.ts';
import { categoryOf } from '../domain/categorise.ts';
import type { HistoryLine } from '../domain/history.ts';
import type { LedgerInstruction, LedgerRefusal } from '../domain/ledger-instruction.ts';
import { CALL_TIMEOUT_MS, MYSELF } from './myself.ts';

export interface LedgerOptions {
  readonly calls: ServiceCall;
  readonly tokens: InternalTokens;
}

/** The read model is rarely more than a batch behind; a reader of a busy account reads at most 500 lines past it. */
const PAGES_MAX = 5;

type LedgerPosting = {
  readonly version: number;
  readonly journalId: string;
  readonly kind: string;
  readonly amountMinor: string;
  readonly balanceAfterMinor: string;
  readonly counterpartyIban: string | null;
  readonly counterpartyName: string | null;
  readonly reference: string;
  readonly bookedAt: string;
  readonly valueDate: string;
};

/** The ledger, asked over its internal routes as the accounts service. */
export function createLedger(options: LedgerOptions) {
  async function ask(contract: RouteContract, accountId: string, more: { query?: string; body?: unknown } = {}) {
    const token = await options.tokens.mint(MYSELF, 'transactions');
    return options.calls.call({
      service: 'transactions',
      method: contract.method,
      path: `${contract.path.replace('{id}', accountId)}${more.query ?? ''}`,
      token,
      timeoutMs: timeLeft(CALL_TIMEOUT_MS),
      ...(more.body === undefined ? {} : { body: more.body }),
    });
  }

  return {
    async enforce(instruction: LedgerInstruction): Promise<Result<LedgerBalance, LedgerRefusal>> {
      const answer = await untilItIsOurTurn(() =>
        ask(putLedgerAccount, instruction.account.id, { body: instructionBody(instruction) }),
      );
      if (answer.status === 200) return ok(balanceOf(answer.body as LedgerAccountAnswer));
      if (answer.status === 422 && codeOf(answer.body) === 'account-not-empty') {
        return fail({ code: 'account-not-empty' });
      }
      if (answer.status === 409 && codeOf(answer.body) === 'account-not-active')
        return fail({ code: 'account-closed' });
      throw unexpected(answer.status, answer.body);
    },
    async balance(accountId: string): Promise<LedgerBalance | undefined> {
      const answer = await ask(getLedgerAccount, accountId);
      if (answer.status === 200) return balanceOf(answer.body as LedgerAccountAnswer);
      if (answer.status === 404) return undefined;
      throw unexpected(answer.status, answer.body);
    },
    async linesAfter(accountId: string, version: number): Promise<readonly HistoryLine[]> {
      const postings: LedgerPosting[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < PAGES_MAX; page += 1) {
        const from: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const query = `?limit=${PAGE_SIZE_MAX}&afterVersion=${version}${from}`;
        const answer = await ask(listLedgerPostings, accountId, { query });
        if (answer.status === 404) return [];
        if (answer.status !== 200) throw unexpected(answer.status, answer.body);
        const body = answer.body as { readonly data: readonly LedgerPosting[]; readonly nextCursor: string | null };
        postings.push(...body.data);
        if (body.nextCursor === null) return placed(postings);
        cursor = body.nextCursor;
      }
      throw new Fault('history-behind', 'the history is too far behind the ledger to be read now', {
        retryable: true,
        retryAfterSeconds: 1,
      });
    },
  };
}

/** A ledger that is at the same instruction for another request of ours, or busy with the account, is done within this. */
const TURNS_MAX = 20;
const TURN_MS = 50;
const NOT_OUR_TURN: ReadonlySet<string> = new Set(['idempotency-key-in-flight', 'account-busy']);

/** Two requests may finish one instruction side by side: the one that comes second asks again, and gets the same answer. */
async function untilItIsOurTurn(ask: () => Promise<ServiceResponse>): Promise<ServiceResponse> {
  for (let turn = 1; ; turn += 1) {
    const answer = await ask();
    if (turn === TURNS_MAX || !NOT_OUR_TURN.has(codeOf(answer.body))) return answer;
    await sleep(TURN_MS);
  }
}

function instructionBody({ account, controlVersion, wanted }: LedgerInstruction) {
  return {
    controlVersion,
    iban: account.iban,
    holderName: account.holderName,
    currency: account.currency,
    status: wanted.status,
    owners: account.owners,
    overdraftMinor: account.overdraftMinor.toString(),
    dailyLimitMinor: wanted.dailyLimitMinor.toString(),
    transferFeeMinor: account.transferFeeMinor.toString(),
  };
}

function balanceOf(answer: LedgerAccountAnswer): LedgerBalance {
  return {
    postedMinor: BigInt(answer.postedMinor),
    heldMinor: BigInt(answer.heldMinor),
    overdraftMinor: BigInt(answer.overdraftMinor),
    version: answer.version,
    asOfMs: Date.parse(answer.asOf),
  };
}

/** Numbers the lines within each version as its event does: the ledger lists them newest first, the event oldest first. */
function placed(postings: readonly LedgerPosting[]): HistoryLine[] {
  const linesLeft = new Map<number, number>();
  for (const { version } of postings) linesLeft.set(version, (linesLeft.get(version) ?? 0) + 1);
  return postings.map((posting) => {
    const line = (linesLeft.get(posting.version) ?? 1) - 1;
    linesLeft.set(posting.version, line);
    return {
      version: posting.version,
      line,
      journalId: posting.journalId,
      kind: posting.kind,
      amountMinor: BigInt(posting.amountMinor),
      balanceAfterMinor: BigInt(posting.balanceAfterMinor),
      counterpartyIban: posting.counterpartyIban,
      counterpartyName: posting.counterpartyName,
      reference: posting.reference,
      bookedAtMs: Date.parse(posting.bookedAt),
      valueDate: posting.valueDate,
      category: categoryOf({ ...posting, isDebit: posting.amountMinor.startsWith('-') }),
    };
  });
}

/** Anything that is not an answer of the contract leaves the outcome unknown: the same is asked again later. */
function unexpected(status: number, body: unknown): Fault {
  return new Fault('ledger-unavailable', `the ledger answered ${status} ${codeOf(body)}`, {
    retryable: true,
    retryAfterSeconds: 1,
  });
}

function codeOf(body: unknown): string {
  return typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : '';
}
