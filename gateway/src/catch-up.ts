import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@florin/observability';
import type { FedDenylist } from './denylist-feed.ts';

/** From a quarter of a second, doubled up to two: the users service may start after this process. */
const RETRY_FIRST_MS = 250;
const RETRY_MAX_MS = 2_000;

/**
 * Resolves once it is known what was revoked before this process started; asks as often as it takes, so that processes start
 * in any order. False when the process is to end before that.
 */
export async function caughtUp({ catchUp }: FedDenylist, logger: Logger, ending: AbortSignal): Promise<boolean> {
  for (let failures = 0; !ending.aborted; failures += 1) {
    try {
      await catchUp();
      return true;
    } catch (error) {
      if (failures === 0) logger.warn({ err: error }, 'not open yet: what was revoked is not known');
      const waitMs = Math.min(RETRY_FIRST_MS * 2 ** Math.min(failures, 10), RETRY_MAX_MS);
      // Cut short by the end of the process, which the loop looks at.
      await sleep(waitMs, undefined, { signal: ending }).catch(() => {});
    }
  }
  return false;
}
