import type { ActionOrigin } from '@florin/primitives';

/** Who reads what they were told, as the audit record knows them. */
export interface Reader {
  readonly subject: string;
  readonly roles: readonly string[];
  readonly traceId: string;
  readonly origin?: ActionOrigin;
}
