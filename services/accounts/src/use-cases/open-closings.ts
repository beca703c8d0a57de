import { EventEmitter, once } from 'node:events';
import {
  isFinal,
  local,
  type Operation,
  openSagaRunner,
  runParticipant,
  type Saga,
  type SagaHost,
  type SagaRunner,
  type Transport,
} from '@florin/saga';
import { ACCOUNTS, accountClosing, LEDGER } from '../sagas/account-closing.ts';
import { closingOperations } from './closing-steps.ts';
import type { Deps } from './ports.ts';

/** The sagas that close accounts. */
export interface Closings {
  readonly runner: Pick<SagaRunner, 'holder' | 'nowMs' | 'started'>;
  /** What staff look at. */
  readonly host: SagaHost;
  /** What this service does in them. */
  readonly operations: Readonly<Record<string, Operation>>;
  /** A saga when it has ended, or as it is after a while. */
  ended(id: string): Promise<Saga | undefined>;
  /** Takes up nothing more, and resolves when what is in hand has ended or paused. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

/** How long whoever asked for a closing waits for its end: a closing takes a tenth of that when all are well. */
const ANSWER_WITHIN_MS = 2_000;

/** Opens what closes accounts, and takes up what another process left; `ledger` is the way to the ledger. */
export async function openClosings(
  deps: Pick<Deps, 'db' | 'publish' | 'clock' | 'logger' | 'metrics'>,
  { url, ledger }: { readonly url: string; readonly ledger: Transport },
): Promise<Closings> {
  const { db, clock, logger, metrics } = deps;
  const operations = closingOperations(deps);
  const ends = new EventEmitter().setMaxListeners(0);
  const runner = await openSagaRunner({
    name: 'accounts',
    url,
    definitions: [accountClosing],
    transports: {
      [ACCOUNTS]: local((command) => runParticipant(db, command, { operations, nowMs: clock(), logger })),
      [LEDGER]: ledger,
    },
    committed({ saga }) {
      if (isFinal(saga)) ends.emit(saga.id);
    },
    logger,
    metrics,
  });
  const find = async (id: string) => (await runner.find(id))?.saga;
  return {
    runner,
    host: { runner, db },
    operations,
    async ended(id) {
      // Listens before it looks: an end in between is not missed. Another process may end it, unheard.
      const end = once(ends, id, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }).catch(() => undefined);
      const found = await find(id);
      if (found === undefined || isFinal(found)) return found;
      await end;
      return find(id);
    },
    drain: () => runner.drain(),
    close: () => runner.close(),
  };
}
