import { sagaCommandTopic, sagaReplyTopic } from '@florin/contracts';
import {
  appendToOutbox,
  type ConsumerOptions,
  consumer,
  type OutgoingEvent,
  PoisonEvent,
  type ReceivedEvent,
  type Subscription,
} from '@florin/messaging';
import type { Logger } from '@florin/observability';
import type { Tx } from '@florin/postgres';
import type { Clock } from '@florin/primitives';
import { type Outcome, readCommand, readReply, type SagaCommand, type SagaReply } from './outcome.ts';
import { limitWaits, type ParticipantOptions, takeCommand } from './participant.ts';
import type { OutboxTransport } from './transport.ts';

/** The way to participants that listen to the broker: a command is an event in the outbox of the host. */
export function overBroker({ host }: { readonly host: string }): OutboxTransport {
  const topic = sagaCommandTopic(host);
  return {
    viaOutbox: true,
    event: (command, time) => ({ topic, key: command.sagaId, id: idOf(command), data: command, time }),
  };
}

function idOf({ sagaId, branch, op, attempt }: Omit<SagaReply, 'outcome'>): string {
  return `${sagaId}:${branch}:${op}:${attempt}`;
}

export interface CommandConsumerOptions
  extends Pick<ConsumerOptions, 'database' | 'logger' | 'metrics' | 'committed'>,
    Pick<ParticipantOptions, 'operations' | 'lockTimeoutMs'> {
  /** Which commands are for this service. */
  readonly participant: string;
  /** The services whose sagas it takes part in. */
  readonly hosts: readonly string[];
  readonly clock: Clock;
}

/**
 * The participant's end of the broker: the effect, the barrier's record and the answer, which waits in the participant's
 * outbox, are one transaction. A redelivered command is answered again.
 */
export function sagaCommandConsumer(options: CommandConsumerOptions): Subscription {
  const { participant, hosts, clock, database, logger, metrics, committed } = options;

  async function handle(events: readonly ReceivedEvent[], tx: Tx): Promise<void> {
    const commands = events.map(commandOf).filter((command) => command.participant === participant);
    if (commands.length === 0) return;
    void limitWaits(tx, options);
    const nowMs = clock();
    const replies: OutgoingEvent[] = [];
    for (const command of commands) {
      const outcome = await takeCommand(tx, command, { ...options, nowMs });
      replies.push(replyEvent(participant, command, outcome, new Date(nowMs).toISOString()));
    }
    await appendToOutbox(tx, participant, replies);
  }

  return consumer({
    database,
    group: `${participant}-saga-commands`,
    topics: hosts.map(sagaCommandTopic),
    handle,
    logger,
    metrics,
    ...(committed === undefined ? {} : { committed }),
    clock,
  });
}

function commandOf({ data }: ReceivedEvent): SagaCommand {
  const command = readCommand(data);
  if (command === undefined) throw new PoisonEvent('it is not a command of a saga');
  return command;
}

function replyEvent(participant: string, command: SagaCommand, outcome: Outcome, time: string): OutgoingEvent {
  const { sagaId, branch, op, attempt } = command;
  const data: SagaReply = { sagaId, branch, op, attempt, outcome };
  return { topic: sagaReplyTopic(participant), key: sagaId, id: idOf(command), data, time };
}

export interface ReplySubscriptionOptions {
  /** Whose sagas they are answers to. */
  readonly host: string;
  readonly participants: readonly string[];
  deliver(reply: SagaReply): Promise<unknown>;
  readonly logger: Logger;
}

/**
 * The host's end of the broker. An answer is delivered at least once, and each counts once by itself; what can not be read
 * is left out, and its saga asks again. Answers to sagas of other hosts are ignored by `deliver`.
 */
export function sagaReplySubscription(options: ReplySubscriptionOptions): Subscription {
  return {
    group: `${options.host}-saga-replies`,
    topics: options.participants.map(sagaReplyTopic),
    async handle(events) {
      const replies = events.flatMap((event) => {
        const reply = readReply(event.data);
        if (reply !== undefined) return [reply];
        options.logger.error({ topic: event.type, eventId: event.id }, 'an answer to a saga can not be read');
        return [];
      });
      await Promise.all(replies.map((reply) => options.deliver(reply)));
    },
  };
}
