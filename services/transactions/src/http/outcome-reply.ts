import { hash } from 'node:crypto';
import { problemReply, type Reply } from '@florin/http';
import type { Outcome } from '../use-cases/submission.ts';
import { problemOf, refusal } from './problems.ts';

const PROBLEM_JSON = 'application/problem+json';

/** 40 bytes each, and clients refuse an answer whose headers are longer than 16 KB (undici, Node's own default). */
const VERSIONS_MAX = 200;

/**
 * The reply to a submission. A stored answer goes out byte for byte with `Idempotency-Replayed: true`. The header
 * `florin-account-version` tells the gateway which versions the caller must from now on be able to read.
 */
export function outcomeReply(outcome: Outcome, traceId: string): Reply {
  if (outcome.kind !== 'answered') return busyReply(outcome.kind, traceId);
  // Many items of a batch touch the same accounts: their last versions say it all.
  const versions = [...new Map(outcome.isReplay ? versionsInBody(outcome) : outcome.versions)].slice(0, VERSIONS_MAX);
  const headers: Record<string, string> = {};
  if (outcome.isReplay) headers['idempotency-replayed'] = 'true';
  if (versions.length > 0) headers['florin-account-version'] = versions.map((entry) => entry.join('=')).join(',');
  return {
    status: outcome.status,
    text: outcome.body,
    headers,
    ...(outcome.status >= 400 ? { contentType: PROBLEM_JSON } : {}),
  };
}

function busyReply(kind: 'key-in-flight' | 'key-reused' | 'account-busy', traceId: string): Reply {
  if (kind === 'key-reused') {
    const detail = 'This Idempotency-Key was used before with another request.';
    return refusal({ code: 'idempotency-key-reused', detail }, traceId);
  }
  const problem =
    kind === 'account-busy'
      ? problemOf({ code: 'account-busy', detail: 'Another operation has the account. Try again shortly.' }, traceId)
      : problemOf(
          { code: 'idempotency-key-in-flight', detail: 'A request with this key is still running. Try again shortly.' },
          traceId,
        );
  return problemReply({ ...problem, headers: { 'retry-after': '1' } });
}

interface AnsweredBody {
  readonly fromAccountId?: string;
  readonly accountId?: string;
  readonly balance?: { readonly version: number };
  readonly items?: readonly { readonly transfer?: AnsweredBody }[];
}

/** A retry is acknowledged too, so the caller must be able to read what it did: its versions are in the stored body. */
function versionsInBody(outcome: Outcome & { kind: 'answered' }): (readonly [string, number])[] {
  if (outcome.status >= 400) return [];
  const body: AnsweredBody = JSON.parse(outcome.body);
  return [body, ...(body.items ?? []).map((item) => item.transfer ?? {})].flatMap((each) => {
    const accountId = each.fromAccountId ?? each.accountId;
    return accountId === undefined || each.balance === undefined ? [] : [[accountId, each.balance.version] as const];
  });
}

/**
 * The fingerprint of a request: SHA-256 of its operation and its validated command, so that white space and the
 * order of fields do not matter while every value does.
 */
export function fingerprintOf(
  operation: string,
  ...values: readonly (string | bigint | number | boolean | null)[]
): string {
  return hash('sha256', `${operation}\u0000${values.map((value) => String(value)).join('\u0000')}`, 'base64url');
}
