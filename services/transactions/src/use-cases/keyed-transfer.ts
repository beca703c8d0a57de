import type { TransferCommand } from '../domain/command.ts';
import type { Present } from './submission.ts';
import type { KeyedCommand } from './submit-command.ts';

/** A transfer under its key, with how to answer it. */
export interface KeyedTransfer extends KeyedCommand {
  readonly command: TransferCommand;
  /** How to answer it when it has to cross from one shard to another: it is then on its way. */
  readonly presentPending: Present;
  /** How to answer it when it crossed in one piece. */
  readonly presentTwoPhase: Present;
  /** How it crosses if it has to: a saga unless told otherwise. */
  readonly coordination: 'saga' | 'two-phase';
}
