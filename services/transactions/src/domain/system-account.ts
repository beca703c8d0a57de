import { invariant } from '@florin/primitives';

/**
 * The bank's own side of a journal. These accounts are insert-only: never locked, without a version, their balance
 * is a checkpoint plus the postings since. No rule may depend on their balance, so they can not become hot rows.
 */
export const SYSTEM_ACCOUNT_CODES = ['cash', 'fee-income', 'receivable', 'settlement', 'clearing', 'suspense'] as const;
export type SystemAccountCode = (typeof SYSTEM_ACCOUNT_CODES)[number];

const PREFIX = '00000000-0000-8000-80';
/** Up to and with the number of the code. */
const CODE_END = PREFIX.length + 2;

/**
 * The id of a system account: a UUID of version 8 (RFC 9562 section 5.8, free form) that spells the code's number
 * and the currency's letters, so that any instance knows it without asking: EUR cash is
 * `00000000-0000-8000-8000-000000455552`.
 */
export function systemAccountId(code: SystemAccountCode, currency: string): string {
  const number = SYSTEM_ACCOUNT_CODES.indexOf(code).toString(16).padStart(2, '0');
  let letters = '';
  for (let index = 0; index < currency.length; index += 1) letters += currency.charCodeAt(index).toString(16);
  invariant(letters.length === 6, 'a currency code has three letters');
  return `${PREFIX}${number}-000000${letters}`;
}

/** Whether an id names one of the bank's own accounts. */
export function isSystemAccount(accountId: string): boolean {
  return accountId.startsWith(PREFIX);
}

/** Whether an id names the account over which money goes from one shard to another. */
export function isClearingAccount(accountId: string): boolean {
  return accountId.startsWith(systemAccountId('clearing', 'XXX').slice(0, CODE_END));
}

/** Whether an id names an account that the bank really has in a currency; the prefix alone does not say so. */
export function isSystemAccountIn(accountId: string, currency: string): boolean {
  return SYSTEM_ACCOUNT_CODES.some((code) => systemAccountId(code, currency) === accountId);
}

/** The code behind a system account's id. */
export function systemAccountCode(accountId: string): SystemAccountCode {
  const code = SYSTEM_ACCOUNT_CODES[Number.parseInt(accountId.slice(21, 23), 16)];
  invariant(isSystemAccount(accountId) && code !== undefined, 'not the id of a system account');
  return code;
}

/** What the bank's own side of a posting is called for a customer. */
const NAMES: Readonly<Record<SystemAccountCode, string>> = {
  cash: 'Cash',
  'fee-income': 'Florin fees',
  receivable: 'Florin',
  settlement: 'Florin settlement',
  clearing: 'Florin clearing',
  suspense: 'Florin',
};

/** The name a customer sees for one of the bank's own accounts; null for an account that is not. */
export function systemAccountName(accountId: string): string | null {
  return isSystemAccount(accountId) ? NAMES[systemAccountCode(accountId)] : null;
}
