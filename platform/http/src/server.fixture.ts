import { route, STRICT, Uuid } from '@florin/contracts';
import { createLogger, createMetrics, type Metrics } from '@florin/observability';
import type { Principal } from '@florin/security';
import type { Response as InjectResponse } from 'light-my-request';
import { Type } from 'typebox';
import { type Endpoint, endpoint } from './endpoint.ts';
import { createServer, type Server, type ServerOptions } from './server.ts';

export const ID = '0190b0a8-1234-7abc-8def-0123456789ab';
export const teller: Principal = { subject: 'tessa', kind: 'person', roles: ['teller'] };
const customer: Principal = { subject: 'alice', kind: 'person', roles: ['customer'] };
const service: Principal = { subject: 'service:accounts', kind: 'service', roles: [] };
const PRINCIPALS: Readonly<Record<string, Principal>> = { teller, customer, service };

const depositBody = Type.Object(
  {
    accountId: Uuid,
    amount: Type.Object({ amount: Type.String({ maxLength: 24 }), currency: Type.String() }, STRICT),
    mode: Type.Optional(Type.Union([Type.Literal('cash'), Type.Literal('cheque')])),
    count: Type.Optional(Type.Integer({ minimum: 1 })),
    at: Type.Optional(Type.String({ format: 'date-time' })),
  },
  STRICT,
);
export const deposit = route({
  operationId: 'deposit',
  service: 'transactions',
  method: 'POST',
  path: '/v1/deposits',
  summary: 'Deposit',
  access: { kind: 'signed-in', permissions: ['cash:move:any'] },
  idempotent: true,
  body: depositBody,
  responses: { 201: Type.Unknown() },
  problems: ['insufficient-funds'],
});
export const getThing = route({
  operationId: 'getThing',
  service: 'transactions',
  method: 'GET',
  path: '/v1/things/{id}',
  summary: 'Thing',
  access: { kind: 'signed-in', permissions: ['transfers:read:own', 'transfers:read:any'] },
  params: Type.Object({ id: Uuid }, STRICT),
  responses: { 200: Type.Object({ id: Type.String() }, STRICT) },
});
export const listThings = route({
  operationId: 'listThings',
  service: 'transactions',
  method: 'GET',
  path: '/v1/things',
  summary: 'Things',
  access: { kind: 'public' },
  query: Type.Object(
    {
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 25 })),
      open: Type.Optional(Type.Boolean()),
      tag: Type.Optional(Type.Array(Type.String({ maxLength: 5 }))),
    },
    STRICT,
  ),
  responses: { 200: Type.Unknown() },
});
const touch = route({
  operationId: 'touch',
  service: 'transactions',
  method: 'POST',
  path: '/internal/touch',
  summary: 'Touch',
  access: { kind: 'internal' },
  responses: { 204: Type.Null() },
});

export const goodBody = { accountId: ID, amount: { amount: '1.00', currency: 'EUR' } };

const echo: Endpoint[] = [
  endpoint(deposit, (call) => ({
    status: 201,
    body: { body: call.body, key: call.idempotencyKey, who: call.principal.subject, traceId: call.traceId },
  })),
  endpoint(getThing, (call) => ({ status: 200, body: { id: call.params.id } })),
  endpoint(listThings, async (call) => ({ status: 200, body: call.query })),
  endpoint(touch, () => ({ status: 204 })),
];

/** A server with a small bank of routes; who calls is what the `authorization` header names. */
export interface Fixture {
  readonly server: Server;
  readonly metrics: Metrics;
  readonly logged: string[];
  postDeposit(payload: unknown, headers?: Record<string, string>): Promise<InjectResponse>;
}

const running: Server[] = [];

export async function startServer(
  endpoints: readonly Endpoint[] = echo,
  options: Partial<ServerOptions> = {},
): Promise<Fixture> {
  const metrics = createMetrics({ service: 'test' });
  const logged: string[] = [];
  const server = await createServer({
    service: 'test',
    logger: createLogger({ service: 'test', destination: { write: (line) => void logged.push(line) } }),
    metrics,
    endpoints,
    authenticate: (headers) => PRINCIPALS[headers.authorization ?? ''],
    ...options,
  });
  running.push(server);
  return {
    server,
    metrics,
    logged,
    postDeposit: (payload, headers = {}) =>
      server.app.inject({
        method: 'POST',
        url: '/v1/deposits',
        headers: { authorization: 'teller', 'idempotency-key': 'k', 'content-type': 'application/json', ...headers },
        payload: typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload),
      }),
  };
}

/** Closes what the test started. */
export async function stopServers(): Promise<void> {
  await Promise.all(running.splice(0).map((server) => server.close()));
}
