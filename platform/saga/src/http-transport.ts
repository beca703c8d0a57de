import { type SagaOutcome, type ServiceName, sagaCommandRoute } from '@florin/contracts';
import { type Endpoint, endpoint, type ServiceCall } from '@florin/http';
import { type Outcome, readOutcome, type SagaCommand, unknownOutcome } from './outcome.ts';
import type { DirectTransport } from './transport.ts';

export interface HttpTransportOptions {
  readonly calls: ServiceCall;
  /** The participant. */
  readonly service: ServiceName;
  /** An internal token for it. */
  token(): Promise<string> | string;
}

/**
 * The way to a participant behind HTTP. Only an answer 200 with an outcome in it is one: an error page, a refusal of the
 * token or of the shape, and nothing at all are `unknown`, because none of them says what became of the step.
 */
export function overHttp({ calls, service, token }: HttpTransportOptions): DirectTransport {
  const { path, method } = sagaCommandRoute(service);
  return async (command, { timeoutMs }) => {
    const { status, body } = await calls.call({
      service,
      method,
      path,
      body: command,
      token: await token(),
      timeoutMs,
    });
    if (status !== 200) return unknownOutcome(`${service} answered with status ${status}`);
    const isObject = typeof body === 'object' && body !== null;
    return isObject && 'outcome' in body ? readOutcome(body.outcome) : unknownOutcome('the answer holds no outcome');
  };
}

/** The route by which a service takes the commands of sagas that are hosted elsewhere. */
export function sagaCommandEndpoint(
  service: ServiceName,
  handle: (command: SagaCommand) => Promise<Outcome>,
): Endpoint {
  return endpoint(sagaCommandRoute(service), async ({ body }) => {
    const outcome: SagaOutcome = { ...(await handle(body as SagaCommand)) };
    return { status: 200, body: { outcome } };
  });
}
