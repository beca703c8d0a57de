import { type Static, Type } from 'typebox';
import { route, type ServiceName } from './route.ts';
import { PageQuery, PLAIN_TEXT, pageOf, STRICT, Timestamp, Uuid } from './shapes.ts';

const SagaStatusShape = Type.Union([
  Type.Literal('running'),
  Type.Literal('compensating'),
  Type.Literal('completed'),
  Type.Literal('compensated'),
  Type.Literal('needs_attention'),
]);

const SummaryFields = {
  id: Uuid,
  type: Type.String({ examples: ['welcome'] }),
  definitionVersion: Type.Integer({ minimum: 1 }),
  coordination: Type.Union([Type.Literal('orchestrated'), Type.Literal('choreographed')]),
  status: SagaStatusShape,
  step: Type.Union([Type.String(), Type.Null()], { description: 'What it is at or waits for; null when it is over.' }),
  attempt: Type.Integer({ minimum: 0 }),
  startedAt: Timestamp,
  updatedAt: Timestamp,
  deadlineAt: Type.Union([Timestamp, Type.Null()]),
  attention: Type.Union([Type.String(), Type.Null()], { description: 'Why somebody must look at it.' }),
  attentionSeq: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
    description: 'The `seq` of the event that says so: what an action is about. Null while it needs nobody.',
  }),
  subject: Type.String({ description: 'What it is about: a transfer, a user.' }),
};

const SagaSummaryShape = Type.Object(SummaryFields, STRICT);
export type SagaSummaryAnswer = Static<typeof SagaSummaryShape>;

const SagaStepShape = Type.Object(
  {
    name: Type.String(),
    kind: Type.Union([
      Type.Literal('compensatable'),
      Type.Literal('pivot'),
      Type.Literal('retriable'),
      Type.Literal('event'),
    ]),
    state: Type.Union([
      Type.Literal('pending'),
      Type.Literal('in_flight'),
      Type.Literal('waiting'),
      Type.Literal('applied'),
      Type.Literal('rejected'),
      Type.Literal('unknown'),
      Type.Literal('undone'),
      Type.Literal('skipped'),
    ]),
    attempts: Type.Integer({ minimum: 0 }),
  },
  STRICT,
);

const TimelineEntryShape = Type.Object(
  {
    seq: Type.Integer({ minimum: 1, description: 'Without gaps.' }),
    kind: Type.String(),
    step: Type.Optional(Type.String()),
    op: Type.Optional(Type.String()),
    attempt: Type.Optional(Type.Integer()),
    outcome: Type.Optional(Type.String()),
    actor: Type.Optional(Type.String()),
    reason: Type.Optional(Type.String()),
    detail: Type.Optional(Type.String()),
    at: Timestamp,
  },
  STRICT,
);

const SagaDetailShape = Type.Object(
  { ...SummaryFields, steps: Type.Array(SagaStepShape), timeline: Type.Array(TimelineEntryShape) },
  STRICT,
);
export type SagaDetailAnswer = Static<typeof SagaDetailShape>;

const ActionStatusShape = Type.Union([Type.Literal('pending'), Type.Literal('approved'), Type.Literal('rejected')]);
const ActionKindShape = Type.Union([Type.Literal('retry'), Type.Literal('resolve')]);
const AttentionSeqShape = Type.Integer({
  minimum: 1,
  maximum: 2_147_483_647,
  description: 'The `attentionSeq` of the saga that was looked at. Once that has passed, nothing is done.',
});

const PendingActionShape = Type.Object(
  {
    id: Uuid,
    sagaId: Uuid,
    action: ActionKindShape,
    attentionSeq: Type.Integer({ minimum: 0, description: 'Which attention of the saga it is about.' }),
    reason: Type.String(),
    evidence: Type.Union([Type.String(), Type.Null()]),
    maker: Type.String(),
    madeAt: Timestamp,
    status: ActionStatusShape,
    checker: Type.Union([Type.String(), Type.Null()]),
    decidedAt: Type.Union([Timestamp, Type.Null()]),
  },
  STRICT,
);
export type PendingActionAnswer = Static<typeof PendingActionShape>;

const ActionRequestShape = Type.Object(
  {
    action: ActionKindShape,
    attentionSeq: AttentionSeqShape,
    reason: Type.String({ minLength: 3, maxLength: 500, pattern: PLAIN_TEXT }),
    evidence: Type.Optional(
      Type.String({
        minLength: 3,
        maxLength: 500,
        pattern: PLAIN_TEXT,
        description: 'What shows that it is done by other means; `resolve` needs it.',
      }),
    ),
  },
  STRICT,
);

const READERS = { kind: 'signed-in', permissions: ['sagas:read:any'] } as const;
const ACTORS = { kind: 'signed-in', permissions: ['sagas:act:any'] } as const;
const SagaParams = Type.Object({ id: Uuid }, STRICT);
const ActionParams = Type.Object({ actionId: Uuid }, STRICT);

/**
 * What staff see of the sagas of a service, and what they can do about one that is stuck: ask for it with a reason, and
 * have a second person decide. Every service that hosts sagas has the same operations under its own name.
 */
export function sagaRoutes<const Service extends ServiceName>(service: Service) {
  return { ...readingRoutes(service), ...actingRoutes(service) };
}

function readingRoutes<const Service extends ServiceName>(service: Service) {
  const [root, Of] = [rootOf(service), titled(service)];
  return {
    listSagas: route({
      operationId: `listSagas${Of}`,
      service,
      method: 'GET',
      path: root,
      summary: `Sagas of ${service}, the newest first`,
      access: READERS,
      query: Type.Object(
        {
          ...PageQuery,
          status: Type.Optional(SagaStatusShape),
          type: Type.Optional(Type.String({ maxLength: 100, pattern: '^[a-z]+(-[a-z]+)*$' })),
        },
        STRICT,
      ),
      responses: { 200: pageOf(SagaSummaryShape) },
      problems: ['invalid-cursor'],
    }),
    listActions: route({
      operationId: `listSagaActions${Of}`,
      service,
      method: 'GET',
      path: `${root}/actions`,
      summary: `What is asked about sagas of ${service} and what became of it, the newest first`,
      access: READERS,
      query: Type.Object({ ...PageQuery, status: Type.Optional(ActionStatusShape) }, STRICT),
      responses: { 200: pageOf(PendingActionShape) },
      problems: ['invalid-cursor'],
    }),
    getSaga: route({
      operationId: `getSaga${Of}`,
      service,
      method: 'GET',
      path: `${root}/{id}`,
      summary: `One saga of ${service}: its steps and everything that happened, in order`,
      access: READERS,
      params: SagaParams,
      responses: { 200: SagaDetailShape },
      problems: ['saga-not-found'],
    }),
  };
}

function actingRoutes<const Service extends ServiceName>(service: Service) {
  const [root, Of] = [rootOf(service), titled(service)];
  return {
    askForAction: route({
      operationId: `askForSagaAction${Of}`,
      service,
      method: 'POST',
      path: `${root}/{id}/actions`,
      summary: `Ask that something be done about a saga of ${service}; a second person decides`,
      access: ACTORS,
      params: SagaParams,
      body: ActionRequestShape,
      responses: { 202: PendingActionShape },
      problems: ['saga-not-found', 'action-pending', 'saga-moved-on', 'evidence-required'],
    }),
    approveAction: route({
      operationId: `approveSagaAction${Of}`,
      service,
      method: 'POST',
      path: `${root}/actions/{actionId}/approve`,
      summary: `Have it done; not by who asked for it`,
      access: ACTORS,
      params: ActionParams,
      responses: { 200: PendingActionShape },
      problems: ['action-not-found', 'action-decided', 'saga-moved-on', 'second-person-required'],
    }),
    rejectAction: route({
      operationId: `rejectSagaAction${Of}`,
      service,
      method: 'POST',
      path: `${root}/actions/{actionId}/reject`,
      summary: `Leave it as it is; not by who asked for it`,
      access: ACTORS,
      params: ActionParams,
      responses: { 200: PendingActionShape },
      problems: ['action-not-found', 'action-decided', 'second-person-required'],
    }),
  };
}

function rootOf(service: ServiceName): string {
  return `/v1/sagas/${service}`;
}

/** The end of an operation id: `listSagasOfUsers`. */
function titled(service: ServiceName): string {
  return `Of${service.charAt(0).toUpperCase()}${service.slice(1)}`;
}
