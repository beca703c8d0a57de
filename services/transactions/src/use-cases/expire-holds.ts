import { findDueHolds } from '../repositories/holds.ts';
import type { Ledger } from './ledger.ts';
import { submitCommand } from './submit-command.ts';

/** As many as fit one commit; the rest is due again a second later. */
const HOLDS_PER_SWEEP_MAX = 256;

/**
 * Ends the holds whose time is up, each as a command through the same group commit as everything else, so that an
 * expiry and a capture that race have one winner. Answers how many were ended.
 */
export async function expireHolds(ledger: Ledger, nowMs: number): Promise<number> {
  const due = await findDueHolds(ledger.db, nowMs, HOLDS_PER_SWEEP_MAX);
  const outcomes = await Promise.all(
    due.map((hold) =>
      submitCommand(ledger.groupCommit, {
        scope: 'service:transactions expireHold',
        key: hold.id,
        fingerprint: hold.id,
        command: { kind: 'expire', holdId: hold.id, accountId: hold.accountId },
        // Only a done expiry is final: a refused one means that somebody else ended the hold first.
        present: (result) => ({ status: result.ok ? 200 : 409, body: '{}', isFinal: result.ok }),
      }),
    ),
  );
  return outcomes.filter((outcome) => outcome.kind === 'answered' && outcome.status === 200).length;
}
