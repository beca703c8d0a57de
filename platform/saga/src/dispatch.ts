import { CircuitBreaker } from './circuit-breaker.ts';
import { Lanes } from './lanes.ts';
import { type Outcome, type SagaCommand, unknownOutcome } from './outcome.ts';
import type { RunnerLimits } from './runner-limits.ts';
import type { SagaMeasures } from './saga-measures.ts';
import type { DirectTransport, Transport } from './transport.ts';

/** Places in a runner's work where a test may end it. The first three are passed only where answers come by themselves. */
export const FAULT_POINTS = [
  'before-dispatch',
  'after-dispatch',
  'after-reply',
  'before-state-commit',
  'after-state-commit',
] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];

export interface DispatchOptions {
  readonly transports: Readonly<Record<string, Transport>>;
  readonly limits: RunnerLimits;
  readonly measures: SagaMeasures;
  random(): number;
  at?: ((point: FaultPoint) => void | Promise<void>) | undefined;
}

/** A command with the time there is for its answer. */
export interface Dispatch {
  readonly command: SagaCommand;
  readonly answerMs: number;
  /** When the wait for an answer began, by this process's monotonic clock. */
  readonly sentAtMs: number;
}

/** Takes commands to participants: in lanes, each behind a circuit breaker, each answer within its time. */
export class Dispatcher {
  readonly #options: DispatchOptions;
  readonly #lanes: Lanes;
  readonly #breakers = new Map<string, CircuitBreaker>();

  constructor(options: DispatchOptions) {
    this.#options = options;
    this.#lanes = new Lanes(options.limits);
    for (const participant of Object.keys(options.transports)) {
      this.#breakers.set(participant, new CircuitBreaker(options.limits, options.random));
    }
  }

  /** Commands that wait for their turn. */
  get waiting(): number {
    return this.#lanes.waiting;
  }

  /** Whether so many commands wait for a participant already that another saga had better wait in the database. */
  isFull(participant: string): boolean {
    return this.#lanes.isFull(participant);
  }

  /**
   * Sends a command when it is its turn. Null when the answer comes another way, or the time for it was over before its
   * turn came: then it was not sent, and the saga is due soon. Rejects only with what a fault point throws.
   */
  async send(dispatch: Dispatch): Promise<Outcome | null> {
    const transport = this.#options.transports[dispatch.command.participant];
    if (transport === undefined || typeof transport !== 'function') return null;
    return new Promise((resolve, reject) => {
      void this.#lanes.run(dispatch.command.participant, () =>
        this.#sendNow(transport, dispatch).then(resolve, reject),
      );
    });
  }

  async #sendNow(transport: DirectTransport, { command, answerMs, sentAtMs }: Dispatch): Promise<Outcome | null> {
    const { at, measures } = this.#options;
    const timeoutMs = sentAtMs + answerMs - performance.now();
    if (timeoutMs <= 0) return null;
    const breaker = this.#breakers.get(command.participant);
    if (breaker?.admits(performance.now()) === false) return NOT_SENT;
    await at?.('before-dispatch');
    const answer = answerWithin(transport, command, Math.ceil(timeoutMs));
    await at?.('after-dispatch');
    const outcome = await answer;
    if (outcome?.kind === 'unknown') breaker?.failed(performance.now());
    else breaker?.succeeded();
    measures.answered(command, outcome);
    await at?.('after-reply');
    return outcome;
  }
}

const NOT_SENT = unknownOutcome('not sent: the participant has not been answering');

async function answerWithin(
  transport: DirectTransport,
  command: SagaCommand,
  timeoutMs: number,
): Promise<Outcome | null> {
  const late = Promise.withResolvers<Outcome>();
  const timer = setTimeout(() => late.resolve(unknownOutcome(`no answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    return await Promise.race([transport(command, { timeoutMs }), late.promise]);
  } catch (error) {
    return unknownOutcome(error instanceof Error ? error.message : 'the transport failed');
  } finally {
    clearTimeout(timer);
  }
}
