import { type RouteContract, STAFF_READS } from '@florin/contracts';
import type { Principal } from '@florin/security';
import type { Caller } from './caller.ts';
import type { Reply } from './endpoint.ts';

/** What somebody was not let do. */
export interface Denial {
  readonly caller: Caller;
  /** `denied`: they may not. `refused`: they may, and a rule of the business said no. */
  readonly outcome: 'denied' | 'refused';
  /** The address that was asked for, without its query; ids that can not be ours are left as the pattern has them. */
  readonly resource: string;
  /** The code of the problem they got. */
  readonly reason: string;
}

/** What staff were shown of somebody's. */
export type Reading = Pick<Denial, 'caller' | 'resource'>;

/** Hears of requests what goes on record and is in no transaction of theirs. */
export interface AuditTrail {
  /** Answers at once, and never throws. */
  denied(denial: Denial): void;
  /** Resolves when it is on record; what was read is shown only then. */
  read(reading: Reading): Promise<void>;
}

/** A request as far as the trail looks at it. */
interface Asked {
  readonly contract: RouteContract | undefined;
  readonly params: object;
  readonly body: unknown;
  readonly principal: Principal;
  readonly caller: Caller;
}

/** The code of the problem an answer is; undefined when it is none. Its text may be a stored one. */
export function problemCodeOf({ status, text }: Reply): string | undefined {
  if (status < 400 || text === undefined) return undefined;
  try {
    const { code } = JSON.parse(text) as { readonly code?: unknown };
    return typeof code === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What an answer denies to a person whom we know: nothing when it is only a mistake. A customer's 404 hides what
 * is not theirs, so it counts. That a rule said no is on record for staff alone: customers meet limits every day.
 */
export function denialsOf(
  asked: Asked,
  { status, denials = [] }: Pick<Reply, 'status' | 'denials'>,
  code: string | undefined,
): readonly Denial[] {
  const { contract, principal } = asked;
  if (status < 400 && denials.length === 0) return NONE;
  if (contract === undefined || contract.access.kind === 'public' || principal.kind !== 'person') return NONE;
  const outcome = outcomeOf(contract, principal, status, code ?? '');
  const { caller } = asked;
  const whole = { caller, resource: resourceOf(contract, asked), reason: code ?? String(status) };
  return [
    ...(outcome === undefined ? [] : [{ ...whole, outcome }]),
    ...denials.map((part): Denial => ({ caller, outcome: 'denied', ...part })),
  ];
}

const NONE: readonly Denial[] = [];

/** Answers to a request that came twice: the first one is on record. */
const REPEATED: ReadonlySet<string> = new Set(['idempotency-key-reused', 'idempotency-key-in-flight']);

function outcomeOf(
  { method }: RouteContract,
  principal: Principal,
  status: number,
  code: string,
): Denial['outcome'] | undefined {
  switch (status) {
    // Somebody known who gets a 401 is to prove it anew (RFC 9470).
    case 401:
    case 403:
    case 404:
      return 'denied';
    case 409:
    case 422:
      return method !== 'GET' && isStaff(principal) && !REPEATED.has(code) ? 'refused' : undefined;
    default:
      return undefined;
  }
}

/** What an answer shows to staff, when it is somebody's data. */
export function readingOf(asked: Asked, status: number): Reading | undefined {
  const { contract, principal } = asked;
  if (status >= 400 || contract === undefined || !STAFF_READS.has(contract.operationId)) return undefined;
  if (principal.kind !== 'person' || !isStaff(principal)) return undefined;
  return { caller: asked.caller, resource: resourceOf(contract, asked) };
}

function isStaff({ roles }: Principal): boolean {
  return roles.some((role) => role !== 'customer');
}

/** As long as ids of ours are, and of their characters: anything else somebody made up, and it may be anything. */
const ID = /^[\w:-]{1,64}$/;
const ID_FIELDS = ['fromAccountId', 'accountId'];

/** The address with its ids; and the account that the body names, where the address names none. */
function resourceOf({ path }: RouteContract, { params, body }: Pick<Asked, 'params' | 'body'>): string {
  const given = params as Readonly<Record<string, unknown>>;
  const address = path.replaceAll(/\{(\w+)\}/g, (slot, name: string) => idOf(given[name]) ?? slot);
  if (path.includes('{') || typeof body !== 'object' || body === null) return address;
  const fields = body as Readonly<Record<string, unknown>>;
  const named = ID_FIELDS.flatMap((name) => idOf(fields[name]) ?? []);
  return named[0] === undefined ? address : `${address} account:${named[0]}`;
}

function idOf(value: unknown): string | undefined {
  return typeof value === 'string' && ID.test(value) ? value : undefined;
}
