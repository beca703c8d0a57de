export type { Approval, ApprovalFailure } from './approval.ts';
export {
  type Approvable,
  type ApprovalDesk,
  type AskFailure,
  ask,
  askedBefore,
  finishApproved,
  type Wanted,
} from './approval-desk.ts';
export { approvalEndpoints, askedReply } from './approval-endpoints.ts';

/** The table of approvals, for the database of a service that asks for some. */
export const approvalMigrations = new URL('../migrations/', import.meta.url);
