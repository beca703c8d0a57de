export { caughtUp } from './catch-up.ts';
export {
  CONTACT_SETTINGS,
  EDGE_TLS_SETTINGS,
  GATEWAY_SETTINGS,
  LIMIT_SETTINGS,
  readEdgeFiles,
  readLimits,
  readSecurityContact,
} from './config.ts';
export { type FedDenylist, feedDenylist } from './denylist-feed.ts';
export { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
export { fetchIssuerKeys, resolveSessionThrough } from './issuer.ts';
export { GATEWAY_PROBLEMS } from './problems.ts';
export { DEFAULT_LIMITS, type GatewayLimits } from './rate-limits.ts';
export { inProcessHealth, type ServiceHealth } from './service-health.ts';
export type { ResolveSession, WebSession } from './web-sessions.ts';
