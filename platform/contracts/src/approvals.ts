import { type Static, Type } from 'typebox';
import type { Permission } from './permissions.ts';
import { route, type ServiceName } from './route.ts';
import { PageQuery, PLAIN_TEXT, pageOf, STRICT, Timestamp, Uuid } from './shapes.ts';

const StatusShape = Type.Union(
  [
    Type.Literal('pending'),
    Type.Literal('expired'),
    Type.Literal('rejected'),
    Type.Literal('approved'),
    Type.Literal('done'),
    Type.Literal('failed'),
  ],
  {
    description:
      '`pending` until a second person decides, `expired` when nobody did. What is `approved` becomes `done` at once, or `failed` with why.',
  },
);

const Texts = Type.Record(Type.String(), Type.String());
const OrNull = <Shape extends typeof Timestamp | ReturnType<typeof Type.String>>(shape: Shape) =>
  Type.Union([shape, Type.Null()]);

const ApprovalFields = {
  id: Uuid,
  action: Type.String({ examples: ['accounts.unfreeze'] }),
  resource: Type.String({ description: 'What it is done to: the id of an account, a transfer or a user.' }),
  payload: Texts,
  reason: Type.String(),
  maker: Type.String({ description: 'Who asked for it.' }),
  madeAt: Timestamp,
  expiresAt: Timestamp,
  status: StatusShape,
  checker: OrNull(Type.String()),
  decisionReason: OrNull(Type.String()),
  decidedAt: OrNull(Timestamp),
  endedAt: OrNull(Timestamp),
  failure: Type.Union([Type.Object({ code: Type.String(), detail: Type.String() }, STRICT), Type.Null()]),
};

/** What one member of staff asked for, and what a second one said to it. */
export const ApprovalShape = Type.Object(ApprovalFields, STRICT);
export type ApprovalAnswer = Static<typeof ApprovalShape>;

const Params = Type.Object({ id: Uuid }, STRICT);

interface Permissions {
  readonly read: Permission;
  readonly decide: Permission;
}

/**
 * What waits for a second person at a service. What is asked for is asked by the operation itself, which answers 202;
 * every service has the same operations to look and to decide under its own name.
 */
export function approvalRoutes<const Service extends ServiceName>(service: Service, { read, decide }: Permissions) {
  const root = `/v1/approvals/${service}`;
  const Of = `Of${service.charAt(0).toUpperCase()}${service.slice(1)}`;
  return {
    listApprovals: route({
      operationId: `listApprovals${Of}`,
      service,
      method: 'GET',
      path: root,
      summary: `What was asked for at ${service} and needs a second person, the newest first`,
      access: { kind: 'signed-in', permissions: [read] },
      query: Type.Object({ ...PageQuery, status: Type.Optional(StatusShape) }, STRICT),
      responses: { 200: pageOf(ApprovalShape) },
      problems: ['invalid-cursor'],
    }),
    getApproval: route({
      operationId: `getApproval${Of}`,
      service,
      method: 'GET',
      path: `${root}/{id}`,
      summary: 'One of them, beside what it is about as that is now',
      access: { kind: 'signed-in', permissions: [read] },
      params: Params,
      responses: { 200: Type.Object({ ...ApprovalFields, current: Texts }, STRICT) },
      problems: ['approval-not-found'],
    }),
    approveApproval: route({
      operationId: `approveApproval${Of}`,
      service,
      method: 'POST',
      path: `${root}/{id}/approve`,
      summary: 'Have it done; not by who asked for it',
      access: { kind: 'signed-in', permissions: [decide] },
      params: Params,
      responses: { 200: ApprovalShape },
      problems: DECISION_PROBLEMS,
    }),
    rejectApproval: route({
      operationId: `rejectApproval${Of}`,
      service,
      method: 'POST',
      path: `${root}/{id}/reject`,
      summary: 'Leave it undone, and say why; not by who asked for it',
      access: { kind: 'signed-in', permissions: [decide] },
      params: Params,
      body: Type.Object({ reason: Type.String({ minLength: 3, maxLength: 500, pattern: PLAIN_TEXT }) }, STRICT),
      responses: { 200: ApprovalShape },
      problems: DECISION_PROBLEMS,
    }),
  };
}

const DECISION_PROBLEMS = [
  'approval-not-found',
  'approval-decided',
  'approval-expired',
  'approval-altered',
  'approval-unfounded',
  'second-person-required',
  'own-account',
  'own-roles',
] as const;
