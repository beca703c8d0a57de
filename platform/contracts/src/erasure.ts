import { Type } from 'typebox';
import { ApprovalShape } from './approvals.ts';
import { UserParams } from './internal-users.ts';
import { route } from './route.ts';
import { PLAIN_TEXT, STRICT } from './shapes.ts';

export const eraseUser = route({
  operationId: 'eraseUser',
  service: 'users',
  method: 'POST',
  path: '/v1/users/{id}/erasure',
  summary:
    'Ask that a customer without open accounts be erased; when a second admin agrees, what is personal of theirs is gone for good',
  access: { kind: 'signed-in', permissions: ['people:erase:any'] },
  params: UserParams,
  body: Type.Object({ reason: Type.String({ minLength: 3, maxLength: 500, pattern: PLAIN_TEXT }) }, STRICT),
  responses: { 202: ApprovalShape },
  problems: ['user-not-found', 'own-access', 'person-is-staff', 'accounts-open', 'approval-pending'],
});

const OwnerParams = UserParams;
const OpenAccountsShape = Type.Object(
  { openAccounts: Type.Integer({ minimum: 0, description: 'Accounts of theirs that are not closed.' }) },
  STRICT,
);

export const countOpenAccounts = route({
  operationId: 'countOpenAccounts',
  service: 'accounts',
  method: 'GET',
  path: '/internal/owners/{id}/open-accounts',
  summary: 'How many accounts of somebody are not closed, those on their way there among them',
  access: { kind: 'internal' },
  params: OwnerParams,
  responses: { 200: OpenAccountsShape },
});

export const eraseOwner = route({
  operationId: 'eraseOwner',
  service: 'accounts',
  method: 'POST',
  path: '/internal/owners/{id}/erasure',
  summary:
    'Take the name of somebody off their closed accounts, and open none for them any more; the same when asked again',
  access: { kind: 'internal' },
  params: OwnerParams,
  responses: { 204: Type.Null({ description: 'No body.' }) },
  problems: ['accounts-open'],
});
