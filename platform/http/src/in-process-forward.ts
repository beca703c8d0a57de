import type { ServiceName } from '@florin/contracts';
import { type Forward, sendForwardProblem } from './forward.ts';
import type { Handler } from './service.ts';

/**
 * Forwards within one process: the service answers on the gateway's own request and response. No socket, no copy, and
 * the body is read once, by the service.
 */
export function inProcessForward(handlers: () => ReadonlyMap<ServiceName, Handler>): Forward {
  return {
    forward(service, request, response) {
      const handler = handlers().get(service);
      if (handler === undefined) sendForwardProblem(request, response, 'service-unavailable');
      else handler.handle(request, response);
    },
    async close() {},
  };
}
