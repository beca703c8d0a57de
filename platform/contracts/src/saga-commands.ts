import { type Static, Type } from 'typebox';
import type { EventContract } from './events.ts';
import { route, type ServiceName } from './route.ts';
import { STRICT, Uuid } from './shapes.ts';

// What sagas ask of the services that take part in them, and what those answer: by HTTP, or by two topics.

const Name = Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' });
const Op = Type.Union([Type.Literal('do'), Type.Literal('undo')]);
const JsonObject = Type.Record(Type.String(), Type.Unknown());
const Detail = Type.String({ description: 'For people.' });

const Attempt = {
  sagaId: Uuid,
  branch: Type.String({ minLength: 1, maxLength: 63, description: "The step's name." }),
  op: Op,
  attempt: Type.Integer({ minimum: 1, description: 'Rises with every time it is sent; nothing else of it changes.' }),
};

export const SagaCommandShape = Type.Object(
  {
    ...Attempt,
    sagaType: Name,
    participant: Type.String({ minLength: 1, maxLength: 63 }),
    operation: Type.String({ minLength: 1, maxLength: 63 }),
    payload: Type.Object(
      { input: JsonObject, outputs: Type.Record(Type.String(), JsonObject, { description: 'Of the steps before.' }) },
      STRICT,
    ),
  },
  STRICT,
);

/** The word is all that counts; whatever is none of these is `unknown`, and so is every other status than 200. */
export const SagaOutcomeShape = Type.Union([
  Type.Object({ kind: Type.Literal('applied'), output: JsonObject }, STRICT),
  Type.Object({ kind: Type.Literal('rejected'), code: Type.String({ minLength: 1 }), detail: Detail }, STRICT),
  Type.Object({ kind: Type.Literal('pending') }, STRICT),
  Type.Object({ kind: Type.Literal('too_late') }, STRICT),
  Type.Object({ kind: Type.Literal('cannot_compensate'), detail: Detail }, STRICT),
  Type.Object({ kind: Type.Literal('unknown'), detail: Detail }, STRICT),
]);
export type SagaOutcome = Static<typeof SagaOutcomeShape>;

/** How a service takes commands of sagas that are hosted elsewhere. */
export function sagaCommandRoute<const Service extends ServiceName>(service: Service) {
  return route({
    operationId: `${service}TakeSagaCommand`,
    service,
    method: 'POST',
    path: '/internal/saga-commands',
    summary: 'Do or undo one step of a saga, exactly once',
    access: { kind: 'internal' },
    body: SagaCommandShape,
    responses: { 200: Type.Object({ outcome: SagaOutcomeShape }, STRICT) },
  });
}

/** The topic of the commands of the sagas that a service hosts; each names the participant it is for. */
export function sagaCommandTopic(host: string): string {
  return `${host}.saga-commands.v1`;
}

/** The topic of the answers of a participant. */
export function sagaReplyTopic(participant: string): string {
  return `${participant}.saga-replies.v1`;
}

/** Event id is `sagaId:branch:op:attempt`. */
export function sagaCommandEvent(host: ServiceName) {
  return {
    topic: sagaCommandTopic(host),
    producers: [host],
    key: 'sagaId',
    summary: 'A saga asks a participant to do or undo a step',
    data: SagaCommandShape,
  } satisfies EventContract;
}

/** Event id is that of the command. */
export function sagaReplyEvent(participant: ServiceName) {
  return {
    topic: sagaReplyTopic(participant),
    producers: [participant],
    key: 'sagaId',
    summary: 'A participant answers a command of a saga',
    data: Type.Object({ ...Attempt, outcome: SagaOutcomeShape }, STRICT),
  } satisfies EventContract;
}
