import type { operations } from './schema.d.ts';

type JsonAt<Responses, Status> = Status extends keyof Responses
  ? Responses[Status] extends { readonly content: { readonly 'application/json': infer Body } }
    ? Body
    : never
  : never;

/** What an operation answers when all is well. */
type AnswerOf<Id extends keyof operations> = JsonAt<operations[Id]['responses'], 200 | 201>;

type ItemOf<Page> = Page extends { readonly data: readonly (infer Item)[] } ? Item : never;

export type User = AnswerOf<'getMe'>;
export type Role = User['roles'][number];
export type WebSession = AnswerOf<'getWebSession'>;
export type SignedIn = ItemOf<AnswerOf<'listMySessions'>>;
export type Factors = AnswerOf<'getMyFactors'>;
export type Consent = ItemOf<AnswerOf<'listMyConsents'>>;
export type WantedConsent = NonNullable<AnswerOf<'getInteraction'>['consent']>;
export type Account = AnswerOf<'getAccount'>;
export type Product = ItemOf<AnswerOf<'listProducts'>>;
export type Posting = AnswerOf<'getAccountTransaction'>;
export type Category = NonNullable<Posting['category']>;
export type Money = Posting['amount'];
export type Balance = Account['balance'];
export type Transfer = AnswerOf<'createTransfer'>;
export type CashMovement = AnswerOf<'createDeposit'>;
export type Payee = AnswerOf<'createPayee'>;
export type PayeeCheck = AnswerOf<'checkPayee'>;
export type StandingOrder = AnswerOf<'getStandingOrder'>;
export type Execution = ItemOf<AnswerOf<'listStandingOrderExecutions'>>;
export type StatementSummary = ItemOf<AnswerOf<'listStatements'>>;
export type Spending = AnswerOf<'getSpending'>;
export type Customer = AnswerOf<'getCustomer'>;
/** What staff see in the clear for a reason. */
export type Disclosure = AnswerOf<'discloseCustomer'>;
export type LookedUpAccount = AnswerOf<'lookUpAccount'>;
export type Journal = ItemOf<AnswerOf<'listJournals'>>;
export type JournalDetail = AnswerOf<'getJournal'>;
export type TrialBalance = AnswerOf<'getTrialBalance'>;
export type Reconciliation = AnswerOf<'runReconciliation'>;
export type DeadLetter = ItemOf<AnswerOf<'listDeadLettersOfAccounts'>>;
export type ServiceHealth = AnswerOf<'getServiceHealth'>;
export type Notice = AnswerOf<'readNotification'>;
/** Sagas are the same of every service. */
export type SagaSummary = ItemOf<AnswerOf<'listSagasOfUsers'>>;
export type SagaDetail = AnswerOf<'getSagaOfUsers'>;
/** Something that needs two people; the same at every service. */
export type Approval = ItemOf<AnswerOf<'listApprovalsOfUsers'>>;
/** Something that is asked about a saga, and what became of it. */
export type SagaAction = ItemOf<AnswerOf<'listSagaActionsOfUsers'>>;
/** What `retryDeadLetters` of a service did. */
export type RetriedLetters = AnswerOf<'retryDeadLettersOfAccounts'>;
/** A transaction that is prepared in a shard, and neither committed nor rolled back. */
export type InDoubt = ItemOf<AnswerOf<'listInDoubt'>>;
/** A decision about transactions of several shards that can not be carried out. */
export type StuckDecision = ItemOf<AnswerOf<'listTwoPhaseAttention'>>;
