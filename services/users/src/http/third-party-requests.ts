import { THIRD_PARTY_SCOPES, type ThirdPartyScope } from '@florin/contracts';
import { isValidIban, normaliseIban, parseMoney } from '@florin/money';
import { isUuid } from '@florin/primitives';
import { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { WantedConsent, WantedPayment } from '../domain/third-party.ts';
import { THIRD_PARTY_SCOPES_MEMBER } from './oidc-clients.ts';

const CREDITOR_LENGTH_MAX = 120;

/** What a program of somebody else's was registered for; undefined for the bank's own. */
export function registeredScopes(client: Client | undefined): readonly ThirdPartyScope[] | undefined {
  const scopes = client?.[THIRD_PARTY_SCOPES_MEMBER];
  return typeof scopes === 'string' ? scopesIn(scopes) : undefined;
}

/** What the parameters of an authorisation request, which were validated, ask a customer for. */
export function wantedConsent(client: Client | undefined, params: Readonly<Record<string, unknown>>): WantedConsent {
  const registered = registeredScopes(client) ?? [];
  const details = params['authorization_details'];
  const [payment] = typeof details === 'string' ? (JSON.parse(details) as WantedPayment[]) : [];
  return {
    scopes: scopesIn(String(params['scope'] ?? '')).filter((scope) => registered.includes(scope)),
    payment: payment && withoutType(payment),
  };
}

function scopesIn(text: string): readonly ThirdPartyScope[] {
  const said = new Set(text.split(' '));
  return THIRD_PARTY_SCOPES.filter((scope) => said.has(scope));
}

function withoutType({ toIban, amount, fromAccountId, creditorName }: WantedPayment): WantedPayment {
  return {
    toIban,
    amount: { amount: amount.amount, currency: amount.currency },
    ...(fromAccountId !== undefined && { fromAccountId }),
    ...(creditorName !== undefined && { creditorName }),
  };
}

/**
 * Refuses authorisation details that are not one whole payment, or that come without the scope for it. A customer is shown
 * all that is in there, so there is nothing that we do not know.
 */
export function checkPayment(ctx: KoaContextWithOIDC, detail: object): void {
  const { params = {}, client } = ctx.oidc;
  if (registeredScopes(client) === undefined) throw refused('this client needs no authorization details');
  if (!scopesIn(String(params['scope'] ?? '')).includes('payments:write')) {
    throw refused('a payment needs the scope payments:write');
  }
  if (JSON.parse(String(params['authorization_details'])).length !== 1) throw refused('one payment at a time');
  const breach = breachOf(detail as Readonly<Record<string, unknown>>);
  if (breach !== undefined) throw refused(breach);
}

function refused(reason: string) {
  return new errors.InvalidAuthorizationDetails(reason);
}

const FIELDS = new Set(['type', 'toIban', 'amount', 'fromAccountId', 'creditorName']);
/** Control and format characters, which could make a name look like another, and line breaks. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/u;

function breachOf(detail: Readonly<Record<string, unknown>>): string | undefined {
  const { toIban, amount, fromAccountId, creditorName } = detail;
  if (Object.keys(detail).some((field) => !FIELDS.has(field))) return 'a payment has a field that is not known';
  if (typeof toIban !== 'string' || !isValidIban(normaliseIban(toIban))) return 'toIban is not an IBAN';
  if (!isMoney(amount)) return 'amount is not an amount of money above zero';
  if (fromAccountId !== undefined && !(typeof fromAccountId === 'string' && isUuid(fromAccountId))) {
    return 'fromAccountId is not the id of an account';
  }
  if (creditorName === undefined) return undefined;
  const isName =
    typeof creditorName === 'string' &&
    creditorName.trim() !== '' &&
    creditorName.length <= CREDITOR_LENGTH_MAX &&
    !UNSEEN.test(creditorName);
  return isName ? undefined : 'creditorName is not a name';
}

function isMoney(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 2) return false;
  const { amount, currency } = value as { amount?: unknown; currency?: unknown };
  if (typeof amount !== 'string' || typeof currency !== 'string') return false;
  return parseMoney({ amount, currency }).ok;
}
