import { createLogger, createMetrics } from '@florin/observability';
import { type Database, openDatabase } from '@florin/postgres';
import type { At } from './fault.ts';

/** Where the two sides are, for every process of a cell. */
export interface Places {
  readonly payerUrl: string;
  readonly payeeUrl: string;
  readonly payerPort: number;
  readonly payeePort: number;
  /** False for the control: whoever takes part then does not look whether it was done already, and nobody resolves. */
  readonly guarded: boolean;
}

/** How a transfer stands: undefined while it is under way, with complaints when its own record is wrong. */
export interface Standing {
  readonly end: 'done' | 'undone' | undefined;
  readonly complaints: readonly string[];
}

/** One process of a pattern. */
export interface Desk {
  /** Begins a transfer, or finds that it was begun. */
  begin(transfer: string, refused: boolean): Promise<void>;
  standing(transfer: string): Promise<Standing>;
}

export type OpenDesk = (places: Places, at: At) => Promise<Desk>;

export const logger = createLogger({ service: 'crash-points', level: 'silent' });
export const metrics = createMetrics({ service: 'crash-points' });

export function openSide(url: string): Database {
  return openDatabase({ url, applicationName: 'crash-points', poolSize: 6 });
}
