import { getHolder, type HolderAnswer } from '@florin/contracts';
import { createServer, endpoint, listen, problemReply } from '@florin/http';
import { createLogger, createMetrics } from '@florin/observability';
import type { InternalTokenVerifier } from '@florin/security';

/** The users service as far as this one asks it, in memory and over real HTTP. */
export interface SandboxDirectory {
  readonly url: string;
  readonly people: Map<string, HolderAnswer>;
  isAway: boolean;
  close(): Promise<void>;
}

export async function startSandboxDirectory(verifier: InternalTokenVerifier): Promise<SandboxDirectory> {
  const people = new Map<string, HolderAnswer>();
  const state = { isAway: false };
  const server = await createServer({
    service: 'users',
    logger: createLogger({ service: 'sandbox', level: 'silent' }),
    metrics: createMetrics({ service: 'sandbox' }),
    validateResponses: true,
    authenticate: ({ authorization }) => verifier.verify(authorization?.slice('Bearer '.length) ?? ''),
    endpoints: [
      endpoint(getHolder, async ({ params, traceId }) => {
        const person = people.get(params.id);
        if (person !== undefined) return { status: 200, body: person };
        return problemReply({ status: 404, code: 'user-not-found', title: 'Nobody', detail: 'Nobody', traceId });
      }),
    ],
  });
  const listener = await listen({
    host: '127.0.0.1',
    port: 0,
    handle(request, response) {
      if (state.isAway) return void request.socket.destroy();
      server.handle(request, response);
    },
  });
  return {
    url: `http://127.0.0.1:${listener.port}`,
    people,
    get isAway() {
      return state.isAway;
    },
    set isAway(isAway) {
      state.isAway = isAway;
    },
    async close() {
      await listener.close();
      await server.close();
    },
  };
}
