import type { Principal } from '@florin/security';

/** Who asks when this service calls another. */
export const MYSELF: Principal = { subject: 'service:accounts', kind: 'service', roles: [] };

/** Shorter than the caller's own 8 s, so that it still gets an answer that says what happened. */
export const CALL_TIMEOUT_MS = 3_000;
