import { THIRD_PARTY_SCOPES, type ThirdPartyScope } from '@florin/contracts';

/** The scope of the bank's own programs; whoever has it may ask for whatever the person may. */
const BANK_SCOPE = 'bank';

/** One payment that a customer allowed a program, to this payee and of this amount, once. */
export interface ConsentedPayment {
  readonly toIban: string;
  readonly amount: { readonly amount: string; readonly currency: string };
  /** From any account of theirs when absent. */
  readonly fromAccountId?: string;
}

/** What a program that is not the bank's may do in the name of a person. */
export interface ThirdParty {
  readonly scopes: readonly ThirdPartyScope[];
  readonly payment?: ConsentedPayment;
}

const KNOWN_SCOPES: ReadonlySet<string> = new Set(THIRD_PARTY_SCOPES);

/**
 * What an access token allows a program (RFC 9068 section 2.2.3, RFC 9396 section 9.1). Undefined for a program of the
 * bank's, which its scope says: a token without that scope is another's, however little it says. `unreadable` when the
 * claims are not of the right types.
 */
export function thirdPartyOf(claims: Readonly<Record<string, unknown>>): ThirdParty | 'unreadable' | undefined {
  const { scope = '' } = claims;
  if (typeof scope !== 'string') return 'unreadable';
  const scopes = scope.split(' ');
  if (scopes.includes(BANK_SCOPE)) return undefined;
  const payment = paymentIn(claims['authorization_details']);
  if (payment === 'unreadable') return 'unreadable';
  return { scopes: scopes.filter(isKnown), ...(payment && { payment }) };
}

/** The same from the claim that `claimsOf` writes into an internal token. */
export function thirdPartyFrom(claim: unknown): ThirdParty | 'unreadable' | undefined {
  if (claim === undefined) return undefined;
  if (!isRecord(claim) || !Array.isArray(claim['scopes'])) return 'unreadable';
  const payment = claim['payment'] === undefined ? undefined : paymentOf(claim['payment']);
  if (payment === 'unreadable') return 'unreadable';
  return { scopes: claim['scopes'].filter(isKnown), ...(payment && { payment }) };
}

function isKnown(scope: unknown): scope is ThirdPartyScope {
  return typeof scope === 'string' && KNOWN_SCOPES.has(scope);
}

/** The issuer lets one payment into a token and no more. */
function paymentIn(details: unknown): ConsentedPayment | 'unreadable' | undefined {
  if (details === undefined) return undefined;
  if (!Array.isArray(details) || details.length !== 1) return 'unreadable';
  const [detail] = details;
  return isRecord(detail) && detail['type'] === 'payment' ? paymentOf(detail) : 'unreadable';
}

function paymentOf(detail: unknown): ConsentedPayment | 'unreadable' {
  if (!isRecord(detail) || !isRecord(detail['amount'])) return 'unreadable';
  const { toIban, fromAccountId } = detail;
  const { amount, currency } = detail['amount'];
  if (typeof toIban !== 'string' || typeof amount !== 'string' || typeof currency !== 'string') return 'unreadable';
  if (fromAccountId !== undefined && typeof fromAccountId !== 'string') return 'unreadable';
  return { toIban, amount: { amount, currency }, ...(fromAccountId !== undefined && { fromAccountId }) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
