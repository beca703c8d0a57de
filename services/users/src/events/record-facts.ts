import { personErased, secondFactorChanged, securityChanged, sessionsRevoked, userRegistered } from '@florin/contracts';
import { appendToOutbox, auditEvent, type OutgoingEvent } from '@florin/messaging';
import { bucketOfCustomer, type Clock, type NewId } from '@florin/primitives';
import type { Fact, SessionsRevoked } from '../domain/fact.ts';
import type { Revocation } from '../domain/revocation.ts';
import { beginWelcome } from '../use-cases/follow-welcome.ts';
import type { RecordFacts } from '../use-cases/ports.ts';
import { type MailQueueDeps, mailOf, queueMail } from '../use-cases/queue-mail.ts';
import { rememberRevocations } from '../use-cases/revocations.ts';

export const EVENT_SOURCE = 'users';

/**
 * Writes facts as events, and queues the mail that goes with them. What was revoked is remembered as well, and the sign-up of a customer is followed from here on,
 * in the same transaction, whoever recorded it.
 */
export function createFactRecorder(
  ports: MailQueueDeps & {
    readonly clock: Clock;
    readonly newId: NewId;
    /** How long a sign-up may take to its first account. */
    readonly welcomeDeadlineMs: number;
  },
): RecordFacts {
  return async (tx, facts) => {
    const atMs = ports.clock();
    await rememberRevocations(
      tx,
      facts.flatMap((fact) => (fact.kind === 'sessions-revoked' ? [revocationOf(fact, atMs)] : [])),
    );
    for (const fact of facts) {
      if (fact.kind !== 'person-registered' || !fact.isCustomer) continue;
      const { newId, welcomeDeadlineMs: deadlineMs } = ports;
      await beginWelcome(tx, { newId, subject: fact.personId, deadlineMs });
    }
    for (const mail of facts.map(mailOf).filter((one) => one !== undefined)) await queueMail(ports, tx, mail);
    await appendToOutbox(
      tx,
      EVENT_SOURCE,
      facts.map((fact) => toEvent(fact, atMs, ports.newId)),
    );
  };
}

function revocationOf({ personId, signInId }: SessionsRevoked, atMs: number): Revocation {
  return {
    userId: personId,
    // Spares tokens of this very second: they may be of a sign-in that came after. Those that were there before are
    // revoked by the names of their sign-ins (`endAllSignIns`), to the millisecond.
    notBefore: Math.floor(atMs / 1_000),
    ...(signInId === undefined ? {} : { sessionId: signInId }),
  };
}

function registeredEvent(personId: string, id: string, time: string, registeredAtMs: number): OutgoingEvent {
  return {
    topic: userRegistered.topic,
    key: personId,
    id,
    time,
    data: { userId: personId, registeredAt: new Date(registeredAtMs).toISOString() },
    correlationid: personId,
  };
}

function toEvent(fact: Fact, atMs: number, newId: NewId): OutgoingEvent {
  const time = new Date(atMs).toISOString();
  switch (fact.kind) {
    case 'person-registered':
      return registeredEvent(fact.personId, fact.personId, time, atMs);
    case 'registration-restated':
      // An id of its own: whoever has seen the first would pass over a copy, and who put it aside would not take another.
      return {
        ...registeredEvent(fact.personId, `${fact.personId}:${fact.attempt}`, time, fact.registeredAtMs),
        causationid: fact.personId,
      };
    case 'person-erased':
      return {
        topic: personErased.topic,
        key: fact.personId,
        id: `${fact.personId}:erased`,
        time,
        data: { userId: fact.personId, erasedAt: time },
      };
    case 'sessions-revoked':
      return {
        topic: sessionsRevoked.topic,
        key: fact.personId,
        id: newId(bucketOfCustomer(fact.personId)),
        time,
        data: revocationOf(fact, atMs),
      };
    case 'factor-changed':
      return {
        topic: secondFactorChanged.topic,
        key: fact.personId,
        id: newId(bucketOfCustomer(fact.personId)),
        time,
        data: { userId: fact.personId, change: fact.change, at: time },
      };
    case 'security-changed':
      return {
        topic: securityChanged.topic,
        key: fact.personId,
        id: newId(bucketOfCustomer(fact.personId)),
        time,
        data: {
          userId: fact.personId,
          change: fact.change,
          ...(fact.device === undefined ? {} : { device: fact.device }),
          at: time,
        },
      };
    case 'audited':
      return auditEvent(fact.actor, { ...fact, id: newId(bucketOfCustomer(fact.resource)), at: time });
  }
}
