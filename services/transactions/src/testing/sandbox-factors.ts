import { checkSecondFactor, listPasskeyDescriptors, problemKind } from '@florin/contracts';
import { createServer, endpoint, inProcessCalls, problemReply, type ServiceCall } from '@florin/http';
import { createLogger, createMetrics } from '@florin/observability';
import type { Principal } from '@florin/security';

const ANYBODY: Principal = { subject: 'service:transactions', kind: 'service', roles: [] };

/** The users service as far as this one asks it, in memory, every answer held against its contract. */
export function sandboxFactors(): {
  readonly calls: ServiceCall;
  /** Codes that somebody's app shows, as `alice 123456`; each good once. */
  readonly codes: Set<string>;
  /** What a passkey was asked to sign, and by whom; the signature is not looked at. */
  readonly signed: string[];
} {
  const codes = new Set<string>();
  const signed: string[] = [];
  const refused = (code: 'wrong-code', traceId: string) => {
    const { status, title } = problemKind(code);
    return problemReply({ status, code, title, detail: 'No.', traceId });
  };
  const server = createServer({
    service: 'users',
    logger: createLogger({ service: 'sandbox', level: 'silent' }),
    metrics: createMetrics({ service: 'sandbox' }),
    validateResponses: true,
    authenticate: () => ANYBODY,
    endpoints: [
      endpoint(checkSecondFactor, ({ params, body, traceId }) => {
        if (body.assertion !== undefined) {
          signed.push(`${params.id} ${body.hash}`);
          return { status: 204 };
        }
        return codes.delete(`${params.id} ${body.code}`) ? { status: 204 } : refused('wrong-code', traceId);
      }),
      endpoint(listPasskeyDescriptors, () => ({
        status: 200,
        body: { rpId: 'localhost', timeout: 300_000, userVerification: 'required', allowCredentials: [] },
      })),
    ],
  });
  const opened = server.then((users) => inProcessCalls(() => new Map([['users', users]])));
  return {
    calls: { call: async (request) => (await opened).call(request), close: async () => undefined },
    codes,
    signed,
  };
}
