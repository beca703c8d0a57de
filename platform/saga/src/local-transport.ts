import { type Outcome, readOutcome, type SagaCommand } from './outcome.ts';
import type { DirectTransport } from './transport.ts';

/**
 * The way to a participant in this process. What crosses is JSON, as on every other way: what is not is lost here too, so
 * that a participant which moves to a process of its own is asked the same.
 */
export function local(handler: (command: SagaCommand) => Promise<Outcome>): DirectTransport {
  return async (command) => readOutcome(copied(await handler(copied(command))));
}

function copied<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value));
}
