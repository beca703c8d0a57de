import type { ServiceName } from '@florin/contracts';
import { inject } from 'light-my-request';
import type { Handler } from './service.ts';
import {
  CALL_TIMEOUT_MS_DEFAULT,
  callHeaders,
  readAnswer,
  type ServiceCall,
  type ServiceRequest,
  type ServiceResponse,
  serviceTimeout,
  serviceUnavailable,
} from './service-call.ts';
import { tracedCalls } from './traced-calls.ts';

/**
 * Calls between services of one process: the request goes through the callee's whole server (token, shape, roles) but
 * through no socket. The handlers are asked for at each call, because services start one after the other.
 */
export function inProcessCalls(handlers: () => ReadonlyMap<ServiceName, Handler>): ServiceCall {
  return tracedCalls({
    async call(request) {
      const handler = handlers().get(request.service);
      if (handler === undefined) throw serviceUnavailable(request.service);
      const timeoutMs = request.timeoutMs ?? CALL_TIMEOUT_MS_DEFAULT;
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(() => late.reject(serviceTimeout(request.service, timeoutMs)), timeoutMs);
      try {
        return await Promise.race([dispatch(handler, request), late.promise]);
      } finally {
        clearTimeout(timer);
      }
    },
    async close() {},
  });
}

async function dispatch(handler: Handler, request: ServiceRequest): Promise<ServiceResponse> {
  const response = await inject((req, res) => handler.handle(req, res), {
    method: request.method,
    url: request.path,
    headers: callHeaders(request),
    ...(request.body === undefined ? {} : { payload: JSON.stringify(request.body) }),
  });
  return {
    status: response.statusCode,
    headers: response.headers as ServiceResponse['headers'],
    body: readAnswer(request.service, response.headers['content-type'], response.payload),
  };
}
