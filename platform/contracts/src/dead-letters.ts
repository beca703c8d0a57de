import { type Static, Type } from 'typebox';
import { route, type ServiceName } from './route.ts';
import { PageQuery, pageOf, STRICT, Timestamp } from './shapes.ts';

/** The services that read events; the ledger only tells of its own. */
export type EventReadingService = Exclude<ServiceName, 'transactions'>;

const DeadLetterShape = Type.Object(
  {
    id: Type.String(),
    group: Type.String(),
    topic: Type.String(),
    key: Type.String(),
    eventId: Type.String(),
    reason: Type.String(),
    attempts: Type.Integer(),
    failedAt: Timestamp,
  },
  STRICT,
);

const RetriedShape = Type.Object(
  { handled: Type.Integer(), stillParked: Type.Integer(), freed: Type.Integer() },
  STRICT,
);
export type RetriedAnswer = Static<typeof RetriedShape>;

/** What operators see of events that a service could not take, and the way to have them handled again. */
export function deadLetterRoutes<const Service extends EventReadingService>(service: Service) {
  const of = `Of${service.charAt(0).toUpperCase()}${service.slice(1)}`;
  return {
    listDeadLetters: route({
      operationId: `listDeadLetters${of}`,
      service,
      method: 'GET',
      path: `/v1/dead-letters/${service}`,
      summary: `Events the ${service} service could not take, oldest first; without their contents`,
      access: { kind: 'signed-in', permissions: ['dead-letters:read:any'] },
      query: Type.Object(PageQuery, STRICT),
      responses: { 200: pageOf(DeadLetterShape) },
      problems: ['invalid-cursor'],
    }),
    retryDeadLetters: route({
      operationId: `retryDeadLetters${of}`,
      service,
      method: 'POST',
      path: `/v1/dead-letters/${service}/retry`,
      summary: `Handle the dead letters of ${service} again, per key and in order`,
      access: { kind: 'signed-in', permissions: ['dead-letters:retry:any'] },
      responses: { 200: RetriedShape },
    }),
  };
}
