import { type Outcome, type SagaCommand, unknownOutcome } from '@florin/saga';
import { closingOperations } from './closing-steps.ts';
import type { LedgerOperation, OperationParts } from './ledger-operation.ts';

/** The name of this ledger in the definitions of others. */
const LEDGER = 'ledger';

const OPERATIONS: Readonly<Record<string, LedgerOperation>> = { ...closingOperations };

/**
 * Takes a command of a saga that another service hosts. What is not known here, or not of the right shape, changes nothing
 * and is `unknown` rather than rejected: a newer version of this service may know it, and a rejection would say that it was
 * never done.
 */
export function takeSagaCommand(parts: OperationParts, command: SagaCommand): Promise<Outcome> {
  const { participant, op, operation: name } = command;
  if (participant !== LEDGER) return refuse(`there is no participant ${participant} here`);
  const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (operation?.op !== op) return refuse(`there is no operation ${name} to ${op} a step with`);
  return operation.take(parts, command) ?? refuse(`the payload is not one of ${name}`);
}

function refuse(detail: string): Promise<Outcome> {
  return Promise.resolve(unknownOutcome(detail));
}
