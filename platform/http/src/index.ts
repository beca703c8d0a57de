export type { AuditTrail, Denial, Reading } from './audit-trail.ts';
export { type Caller, callerOf, NETWORK_HEADER } from './caller.ts';
export type { Authenticate } from './contract-route.ts';
export { type CallContext, type DeniedPart, type Endpoint, endpoint, type Reply } from './endpoint.ts';
export { type AnswerForm, type Forward, sendForwardProblem } from './forward.ts';
export { httpCalls } from './http-calls.ts';
export { type HttpForwardOptions, httpForward } from './http-forward.ts';
export { inProcessCalls } from './in-process-calls.ts';
export { inProcessForward } from './in-process-forward.ts';
export { startInternalServer } from './internal-server.ts';
export { type JsonSchema, toJsonSchema } from './json-schema.ts';
export { applyListenLimits, drainServer, LINGER_MS, type Listener, listen, listenOptions } from './listener.ts';
export { type OpenApiDocument, openApiDocument } from './openapi.ts';
export { createPeerCircuits, type PeerCircuits } from './peer-circuits.ts';
export { PEER_SETTINGS, readPeerFiles } from './peer-settings.ts';
export { type Peer, peerName } from './peers.ts';
export {
  COMMON_PROBLEMS,
  type CommonProblem,
  commonProblem,
  describeCommonProblem,
  type FieldError,
  type Problem,
  problemReply,
} from './problem.ts';
export { GUARD_SETTINGS, type GuardedSettings, guardedSettings, stopUnlessReady } from './production-guard.ts';
export { sendReply } from './send-reply.ts';
export { type Closable, serveAlone } from './serve-alone.ts';
export { createServer, type Server, type ServerOptions } from './server.ts';
export type { Handler, Service } from './service.ts';
export type { ServiceCall, ServiceRequest, ServiceResponse } from './service-call.ts';
export { openServicePool } from './service-pool.ts';
export { isOpenTo } from './third-party.ts';
export { timeLeft } from './time-left.ts';
export { openTlsCredentials, type TlsCredentials, type TlsFiles } from './tls-credentials.ts';
export type { OpenTls } from './tls-server.ts';
export { tracedForward } from './traced-calls.ts';
