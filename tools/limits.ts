import type { GatewayLimits } from '@florin/gateway';
import { Fault } from '@florin/primitives';

const NAMES = {
  address: 'FLORIN_LIMIT_ADDRESS',
  caller: 'FLORIN_LIMIT_CALLER',
  signIn: 'FLORIN_LIMIT_SIGN_IN',
} as const;

/**
 * Rate limits from the environment: FLORIN_LIMIT_ADDRESS_PER_SECOND and _BURST, likewise _CALLER_ and _SIGN_IN_.
 * A limit is raised or lowered, never switched off: both numbers must be positive.
 */
export function readLimits(environment: NodeJS.ProcessEnv): Partial<GatewayLimits> {
  const limits: { -readonly [Kind in keyof GatewayLimits]?: GatewayLimits[Kind] } = {};
  for (const kind of Object.keys(NAMES) as (keyof typeof NAMES)[]) {
    const rate = environment[`${NAMES[kind]}_PER_SECOND`];
    const burst = environment[`${NAMES[kind]}_BURST`];
    if (rate === undefined && burst === undefined) continue;
    const limit = { ratePerSecond: Number(rate), burst: Number(burst) };
    if (!(limit.ratePerSecond > 0 && limit.burst >= 1)) {
      throw new Fault(
        'setting-invalid',
        `${NAMES[kind]}_PER_SECOND and ${NAMES[kind]}_BURST must both be positive numbers`,
      );
    }
    limits[kind] = limit;
  }
  return limits;
}
