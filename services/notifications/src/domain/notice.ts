export type NoticeKind =
  | 'welcome'
  | 'money-received'
  | 'standing-order-failed'
  | 'account-frozen'
  | 'account-unfrozen'
  | 'account-closed'
  | 'security-changed';

/** What the text of a notice is made with. Amounts are minor units in text, as JSON keeps them exactly. */
export interface NoticeParameters {
  readonly accountId?: string;
  readonly transferId?: string;
  readonly orderId?: string;
  readonly amountMinor?: string;
  readonly currency?: string;
  readonly reference?: string;
  readonly payeeName?: string;
  readonly dueDate?: string;
  readonly problemCode?: string;
  /** Of what signs them in: what changed, and in which browser. */
  readonly change?: string;
  readonly device?: string;
}

/** The event a notice tells of, and the piece of work that belongs to, if it belongs to one. */
export interface Cause {
  readonly eventId: string;
  readonly correlationId: string | undefined;
}

/** A notice that somebody is to have. */
export interface NoticeDraft {
  readonly owner: string;
  readonly kind: NoticeKind;
  readonly parameters: NoticeParameters;
  readonly cause: Cause;
}

export interface Notice extends NoticeDraft {
  readonly id: string;
  readonly createdAtMs: number;
}

/** A notice as its reader sees it. */
export interface KeptNotice {
  readonly id: string;
  readonly kind: NoticeKind;
  readonly parameters: NoticeParameters;
  readonly createdAtMs: number;
  readonly readAtMs: number | undefined;
}
