import type { Executor } from '@florin/postgres';
import type { Result } from '@florin/primitives';
import { commitBranch, prepareBranch, rollbackBranch } from './branch.ts';
import { LOCK_TIMEOUT_MS } from './marker.ts';
import { listPrepared, type PreparedBranch } from './prepared.ts';
import type { Acknowledgement, Vote } from './protocol.ts';
import { createSessionPool } from './session-pool.ts';

/**
 * One database that takes part, wherever it is. `Work` is what it is asked to do, as data, so that a participant of
 * another process can be asked just so; `Refusal` is why it may say no.
 */
export interface TwoPhaseParticipant<Work, Refusal> {
  /** Names the branches; the same for ever, since prepared transactions carry it. One participant a database. */
  readonly name: string;
  /** Does the work and prepares it. Whatever it throws may have left something prepared. */
  prepare(gid: string, work: Work): Promise<Vote<Refusal>>;
  commit(gid: string): Promise<Acknowledgement>;
  rollback(gid: string): Promise<Acknowledgement>;
  /** What is prepared in its database under our prefix, the oldest first. */
  listPrepared(): Promise<PreparedBranch[]>;
}

export interface LocalParticipantOptions<Work, Refusal> {
  readonly name: string;
  /** The database, as the role that prepares and finishes: they must be the same. */
  readonly url: string;
  /** Does the work in the transaction that is then prepared. A refusal rolls it back. */
  perform(tx: Executor, work: Work, gid: string): Promise<Result<unknown, Refusal>>;
  readonly lockTimeoutMs?: number;
  /** Branches that may be worked on at the same time; 8 unless told otherwise. */
  readonly preparing?: number;
}

export interface LocalParticipant<Work, Refusal> extends TwoPhaseParticipant<Work, Refusal> {
  close(): Promise<void>;
}

const PREPARING = 8;
const FINISHING = 4;
/** How long a caller waits for a connection, as in the pools of `@florin/postgres`. */
const WAIT_MS = 1_500;

/**
 * A participant in this process. It finishes branches on connections of their own: those that prepare may all be waiting
 * for a lock that only the end of another branch gives back.
 */
export function localParticipant<Work, Refusal>(
  options: LocalParticipantOptions<Work, Refusal>,
): LocalParticipant<Work, Refusal> {
  const { name, url, lockTimeoutMs = LOCK_TIMEOUT_MS } = options;
  const connection = { url, waitMs: WAIT_MS };
  const preparing = createSessionPool({
    ...connection,
    applicationName: `prepare-${name}`,
    size: options.preparing ?? PREPARING,
  });
  const finishing = createSessionPool({ ...connection, applicationName: `finish-${name}`, size: FINISHING });

  return {
    name,
    prepare: (gid, work) =>
      preparing.use((session) =>
        prepareBranch(session, { gid, branch: name, lockTimeoutMs }, (tx) => options.perform(tx, work, gid)),
      ),
    commit: (gid) => finishing.use((session) => commitBranch(session, { gid, branch: name })),
    rollback: (gid) => finishing.use((session) => rollbackBranch(session, { gid, branch: name }, lockTimeoutMs)),
    listPrepared: () => finishing.use((session) => listPrepared(session)),
    async close() {
      await Promise.all([preparing.close(), finishing.close()]);
    },
  };
}
