import type { Context } from '../domain/ledger-view.ts';
import type { TransferSources } from './find-transfer.ts';
import type { Approvals } from './request-approval.ts';
import type { Transfers } from './send-transfer.ts';

/** What transfers are made and looked for with. */
export interface TransferDesk extends Transfers, Omit<TransferSources, 'shards'> {
  /** The business clock. */
  readonly now: () => Context;
  readonly approvals: Approvals;
}
