import { Type } from 'typebox';
import { AccountName, AccountParams, AccountShape } from './account-shape.ts';
import { ApprovalShape } from './approvals.ts';
import { route } from './route.ts';
import { MoneyShape, PLAIN_TEXT, STRICT } from './shapes.ts';

const REASON = { minLength: 3, maxLength: 500, pattern: PLAIN_TEXT };
const Reason = Type.String(REASON);

export const updateAccount = route({
  operationId: 'updateAccount',
  service: 'accounts',
  method: 'PATCH',
  path: '/v1/accounts/{id}',
  summary:
    'Rename an account (its owners), or set its daily limit (staff). A lower one is in force at once; a higher one waits for ' +
    'a second person (202)',
  access: { kind: 'signed-in', permissions: ['accounts:change:own', 'accounts:change:any'] },
  params: AccountParams,
  body: Type.Object(
    {
      name: Type.Optional(AccountName),
      dailyLimit: Type.Optional(MoneyShape),
      reason: Type.Optional(Type.String({ ...REASON, description: 'Why the limit is set, for who decides about it.' })),
    },
    { ...STRICT, minProperties: 1, maxProperties: 2, description: 'One thing at a time: a name, or a daily limit.' },
  ),
  responses: { 200: AccountShape, 202: ApprovalShape },
  problems: [
    'account-not-found',
    'account-closed',
    'account-opening',
    'change-in-progress',
    'invalid-amount',
    'currency-mismatch',
    'owner-only',
    'staff-only',
    'approval-pending',
    'second-person-required',
  ],
});

export const freezeAccount = route({
  operationId: 'freezeAccount',
  service: 'accounts',
  method: 'POST',
  path: '/v1/accounts/{id}/freeze',
  summary: 'Let no more money leave an account; its owners and staff may',
  access: { kind: 'signed-in', permissions: ['accounts:freeze:own', 'accounts:freeze:any'] },
  params: AccountParams,
  body: Type.Object({ reason: Reason }, STRICT),
  responses: { 200: AccountShape },
  problems: ['account-not-found', 'account-closed', 'account-opening', 'change-in-progress'],
});

export const unfreezeAccount = route({
  operationId: 'unfreezeAccount',
  service: 'accounts',
  method: 'POST',
  path: '/v1/accounts/{id}/unfreeze',
  summary: 'Ask that money may leave an account again; a second person decides. 200 when it is not frozen',
  access: { kind: 'signed-in', permissions: ['accounts:unfreeze:any'] },
  params: AccountParams,
  body: Type.Object({ reason: Reason }, STRICT),
  responses: { 200: AccountShape, 202: ApprovalShape },
  problems: [
    'account-not-found',
    'staff-only',
    'account-closed',
    'account-opening',
    'change-in-progress',
    'approval-pending',
  ],
});

export const closeAccount = route({
  operationId: 'closeAccount',
  service: 'accounts',
  method: 'POST',
  path: '/v1/accounts/{id}/close',
  summary:
    'Close an account for good: an empty one, or with `restTo` one that holds money, which then goes to the account of ' +
    'that IBAN, of this bank and in the same currency. That takes a moment and an `Idempotency-Key`: 200 when it is ' +
    'done, 202 with status `closing` while it is under way; ask again with the same key. What is refused on the way is ' +
    'undone, and the account is what it was. Asked for by staff, it waits for a second person: 202 with what waits.',
  access: { kind: 'signed-in', permissions: ['accounts:close:own', 'accounts:close:any'] },
  idempotent: 'sometimes',
  params: AccountParams,
  body: Type.Object(
    {
      restTo: Type.Optional(Type.String({ minLength: 15, maxLength: 42 })),
      reason: Type.Optional(Type.String({ ...REASON, description: 'Why staff close it, for who decides about it.' })),
    },
    STRICT,
  ),
  responses: { 200: AccountShape, 202: Type.Union([AccountShape, ApprovalShape]) },
  problems: [
    'account-not-found',
    'account-not-active',
    'account-not-closed',
    'account-not-empty',
    'account-overdrawn',
    'account-closed',
    'account-frozen',
    'account-opening',
    'balance-limit-exceeded',
    'change-in-progress',
    'currency-mismatch',
    'daily-limit-exceeded',
    'invalid-payee',
    'rest-to-others',
    'same-account',
    'approval-pending',
    'second-person-required',
    'idempotency-key-reused',
  ],
});
