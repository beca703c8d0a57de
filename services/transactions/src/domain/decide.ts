import type { Result } from '@florin/primitives';
import type { Command } from './command.ts';
import { decideCash } from './decide-cash.ts';
import { decideBeginClosing, decideClose, decideReopen, decideSweep } from './decide-closing.ts';
import { decideControl } from './decide-control.ts';
import { decidePostDebit, decideReceive, decideSend } from './decide-crossing.ts';
import { decideClaim, decideGiveBack, decideTakeBack, decideUnclaim } from './decide-crossing-reversal.ts';
import { decideCapture, decideHold, decideRelease } from './decide-hold.ts';
import { decideReversal } from './decide-reversal.ts';
import { decideTransfer } from './decide-transfer.ts';
import type { LedgerFailure } from './failures.ts';
import type { Context, Decision, LedgerView } from './ledger-view.ts';

/**
 * The ledger's rules: whether a command is accepted over the locked state, and what it changes. Pure; the same
 * answer for the same input, which is what lets a plain model check it.
 */
export function decide(view: LedgerView, command: Command, context: Context): Result<Decision, LedgerFailure> {
  switch (command.kind) {
    case 'transfer':
      return decideTransfer(view, command, context);
    case 'send':
      return decideSend(view, command, context);
    case 'post-debit':
      return decidePostDebit(view, command, context);
    case 'receive':
      return decideReceive(view, command, context);
    case 'deposit':
    case 'withdrawal':
      return decideCash(view, command, context);
    case 'hold':
      return decideHold(view, command, context);
    case 'capture':
      return decideCapture(view, command, context);
    case 'void':
    case 'expire':
      return decideRelease(view, command, context);
    case 'reversal':
      return decideReversal(view, command, context);
    case 'begin-closing':
      return decideBeginClosing(view, command);
    case 'reopen':
      return decideReopen(view, command);
    case 'sweep':
      return decideSweep(view, command, context);
    case 'close':
      return decideClose(view, command);
    case 'claim':
      return decideClaim(view, command);
    case 'unclaim':
      return decideUnclaim(command);
    case 'take-back':
      return decideTakeBack(view, command, context);
    case 'give-back':
      return decideGiveBack(view, command, context);
    case 'control':
      return decideControl(view, command, context);
  }
}
