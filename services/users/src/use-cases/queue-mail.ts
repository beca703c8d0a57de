import type { Tx } from '@florin/postgres';
import { Fault, type NewId } from '@florin/primitives';
import type { Fact } from '../domain/fact.ts';
import { type MailTask, TOKEN_SECONDS } from '../domain/mail.ts';
import type { Vault } from '../domain/vault.ts';
import { insertMailTask } from '../repositories/outgoing-mail.ts';

export interface MailQueueDeps {
  readonly vault: Vault;
  readonly newId: NewId;
  /** Whether anybody carries mail here; where nobody does, none is written. */
  readonly hasMail: boolean;
}

/** A day of mail of a large bank; a flood beyond it is turned away. */
const WAITING_MAX = 10_000;
/** News that could not be delivered for so long is old. */
const NEWS_SECONDS = 24 * 60 * 60;
/** Nobody looks mail up by its id. */
const NO_BUCKET = 0;

/**
 * Puts mail in the queue, in the transaction that makes it true. Somebody else sends it, so neither the answer nor its
 * time depends on who has an address. Throws the retryable Fault `mail-busy` when too much waits.
 */
export async function queueMail(deps: MailQueueDeps, tx: Tx, task: MailTask): Promise<void> {
  if (!deps.hasMail) return;
  const isQueued = await insertMailTask(
    tx,
    deps.vault,
    {
      id: deps.newId(NO_BUCKET),
      task,
      // A second request of one address while the first waits changes nothing.
      onceIndex: task.kind === 'reset-password' ? deps.vault.index('reset-request', task.email) : null,
      lifetimeSeconds: task.kind === 'news' ? NEWS_SECONDS : TOKEN_SECONDS[task.kind],
    },
    WAITING_MAX,
  );
  if (!isQueued) {
    throw new Fault('mail-busy', 'too much mail waits to be sent', { retryable: true, retryAfterSeconds: 60 });
  }
}

/** The mail that goes with a fact. */
export function mailOf(fact: Fact): MailTask | undefined {
  switch (fact.kind) {
    case 'person-registered':
      return fact.isConfirmed ? undefined : { kind: 'confirm-email', personId: fact.personId };
    case 'factor-changed':
      return { kind: 'news', personId: fact.personId, change: fact.change };
    case 'security-changed': {
      const { personId, change, device, mailTo } = fact;
      return {
        kind: 'news',
        personId,
        change,
        ...(device === undefined ? {} : { device }),
        ...(mailTo === undefined ? {} : { to: mailTo }),
      };
    }
    default:
      return undefined;
  }
}
