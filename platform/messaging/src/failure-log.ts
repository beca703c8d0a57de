import type { Logger } from '@florin/observability';

/** What goes on failing says so this often. */
const REPEAT_AFTER_MS = 60_000;
/** Kinds of failure told apart; there are a handful, and a surprise must not grow for ever. */
const KINDS_MAX = 50;

/**
 * Logs the failures of a loop: each kind (its code) at once, and then at most once a minute with the number of times it
 * was kept quiet. A database that is away for an hour is sixty lines, not thousands.
 */
export function createFailureLog(
  logger: Logger,
  message: string,
  fields: Readonly<Record<string, string>>,
  nowMs: () => number = () => performance.now(),
): (error: unknown) => void {
  const kinds = new Map<string, { saidAtMs: number; kept: number }>();
  return (error) => {
    const kind = kindOf(error);
    const known = kinds.get(kind);
    if (known !== undefined && nowMs() - known.saidAtMs < REPEAT_AFTER_MS) {
      known.kept += 1;
      return;
    }
    if (kinds.size >= KINDS_MAX) kinds.clear();
    kinds.set(kind, { saidAtMs: nowMs(), kept: 0 });
    logger.warn({ err: error, ...fields, repeated: known?.kept ?? 0 }, message);
  };
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error ? `${error.name} ${String(error.code)}` : `${error.name} ${error.message}`;
}
