import type { ActionOrigin } from '@florin/primitives';

/** Who asks for a change that is remembered with their name. */
export interface Actor {
  readonly subject: string;
  readonly roles: readonly string[];
  readonly traceId: string;
  /** Where the request came from; absent where the bank acts by itself. */
  readonly origin?: ActionOrigin;
}
