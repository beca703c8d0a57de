import type { Account, AccountStatus } from './account.ts';
import type { ApprovalRequest } from './approval.ts';
import type { OtherParty } from './journal.ts';
import { isSystemAccount } from './system-account.ts';

/** A customer sends money from an account of theirs to another account of the bank. */
export interface TransferCommand {
  readonly kind: 'transfer';
  readonly id: string;
  readonly feeJournalId: string;
  readonly actor: string;
  readonly debitAccountId: string;
  readonly creditAccountId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly reference: string;
  /** Whether its payer must confirm it is decided with it; absent when nobody is asked, as of a standing order's payment. */
  readonly approval?: ApprovalRequest;
}

/** Cash crosses the counter: a deposit raises the account, a withdrawal lowers it. */
export interface CashCommand {
  readonly kind: 'deposit' | 'withdrawal';
  readonly id: string;
  readonly actor: string;
  readonly accountId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly reference: string;
}

export interface HoldCommand {
  readonly kind: 'hold';
  readonly id: string;
  readonly accountId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly reference: string;
  readonly expiresAtMs: number | null;
  readonly sagaId: string | null;
}

export interface CaptureCommand {
  readonly kind: 'capture';
  readonly journalId: string;
  readonly actor: string;
  readonly holdId: string;
  readonly accountId: string;
  readonly creditAccountId: string;
  /** Null captures the whole hold; what is not captured is released. */
  readonly amountMinor: bigint | null;
  readonly currency: string | null;
}

/** `void` is somebody's decision, `expire` the sweeper's once the hold's time is up. */
export interface ReleaseCommand {
  readonly kind: 'void' | 'expire';
  readonly holdId: string;
  readonly accountId: string;
}

export interface ReversalCommand {
  readonly kind: 'reversal';
  readonly id: string;
  readonly actor: string;
  readonly journalId: string;
  /** The accounts of the journal to reverse, so that they can be locked before it is decided. */
  readonly accountIds: readonly string[];
  readonly reason: string;
  /** Reverse although the payee lacks the funds; takes a second person. */
  readonly force: boolean;
}

/** What the accounts service wants in force. Applied once per control version. */
export interface ControlCommand {
  readonly kind: 'control';
  readonly accountId: string;
  readonly controlVersion: number;
  readonly iban: string;
  readonly holderName: string;
  readonly currency: string;
  readonly status: AccountStatus;
  readonly owners: readonly string[];
  readonly overdraftMinor: bigint;
  readonly dailyLimitMinor: bigint;
  readonly transferFeeMinor: bigint;
}

/** What both halves of a transfer between two shards say. `id` is the transfer's, the saga's and the hold's. */
export interface CrossingFacts {
  readonly id: string;
  readonly actor: string;
  readonly debitAccountId: string;
  readonly creditAccountId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly reference: string;
}

/** The payer's shard sets the money aside for a transfer to another shard. */
export interface SendCommand extends CrossingFacts {
  readonly kind: 'send';
  /** As of a transfer within one shard. */
  readonly approval?: ApprovalRequest;
}

/** The money leaves the payer's shard. */
export interface PostDebitCommand extends CrossingFacts {
  readonly kind: 'post-debit';
  readonly feeJournalId: string;
  readonly otherParty: OtherParty;
}

/** The money arrives at the payee's shard. */
export interface ReceiveCommand extends CrossingFacts {
  readonly kind: 'receive';
  readonly otherParty: OtherParty;
}

/** A closing begins: from here on the account takes nothing new. */
export interface BeginClosingCommand {
  readonly kind: 'begin-closing';
  readonly accountId: string;
  readonly controlVersion: number;
  /** Staff close what is frozen, too; its owners do not. */
  readonly mayBeFrozen: boolean;
}

/** A closing is taken back: the account is what it was before. */
export interface ReopenCommand {
  readonly kind: 'reopen';
  readonly accountId: string;
  readonly controlVersion: number;
  readonly status: 'active' | 'frozen';
}

/** All that an account holds which is being closed goes to another one. `id` is the transfer's. */
export interface SweepCommand {
  readonly kind: 'sweep';
  readonly id: string;
  readonly actor: string;
  readonly debitAccountId: string;
  readonly creditAccountId: string;
  /** The payee as the books of another shard have it; null when these do. */
  readonly payeeElsewhere: Account | null;
}

/** An account that is being closed, and empty, is closed for good. */
export interface CloseCommand {
  readonly kind: 'close';
  readonly accountId: string;
  readonly controlVersion: number;
}

/**
 * A transfer between two shards is taken back by this saga and by no other one from now on; `unclaim` undoes it. The account
 * is the payer's.
 */
export interface ClaimCommand {
  readonly kind: 'claim' | 'unclaim';
  readonly actor: string;
  readonly sagaId: string;
  readonly journalId: string;
  readonly accountId: string;
}

/** What both halves of a reversal between two shards say. `journalId` is the transfer, `accountId` is on this half's side. */
export interface CrossingReversalFacts {
  readonly id: string;
  readonly actor: string;
  readonly journalId: string;
  readonly accountId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly reference: string;
  readonly reason: string;
  readonly otherParty: OtherParty;
}

/** The payee's shard takes the money from where the transfer brought it. */
export interface TakeBackCommand extends CrossingReversalFacts {
  readonly kind: 'take-back';
  /** As of a reversal within one shard. */
  readonly force: boolean;
}

/** The payer's shard gives it back. */
export interface GiveBackCommand extends CrossingReversalFacts {
  readonly kind: 'give-back';
}

export type Command =
  | BeginClosingCommand
  | ReopenCommand
  | SweepCommand
  | CloseCommand
  | ClaimCommand
  | TakeBackCommand
  | GiveBackCommand
  | SendCommand
  | PostDebitCommand
  | ReceiveCommand
  | TransferCommand
  | CashCommand
  | HoldCommand
  | CaptureCommand
  | ReleaseCommand
  | ReversalCommand
  | ControlCommand;

/** The customer accounts a command reads or writes, all of which must be locked before it is decided. */
export function accountsOf(command: Command): readonly string[] {
  switch (command.kind) {
    case 'transfer':
      return [command.debitAccountId, command.creditAccountId];
    case 'capture':
      // The bank's own accounts are never locked, so that captures to one of them do not queue behind each other.
      return isSystemAccount(command.creditAccountId)
        ? [command.accountId]
        : [command.accountId, command.creditAccountId];
    case 'reversal':
      return command.accountIds;
    case 'sweep':
      return command.payeeElsewhere === null
        ? [command.debitAccountId, command.creditAccountId]
        : [command.debitAccountId];
    case 'send':
    case 'post-debit':
      return [command.debitAccountId];
    case 'receive':
      return [command.creditAccountId];
    default:
      return [command.accountId];
  }
}

/** The journals a command is decided over. */
export function journalsOf(command: Command): readonly string[] {
  switch (command.kind) {
    case 'reversal':
    case 'claim':
    case 'unclaim':
    case 'take-back':
      return [command.journalId];
    default:
      return NONE;
  }
}

const NONE: readonly string[] = [];
