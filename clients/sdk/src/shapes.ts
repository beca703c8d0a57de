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
export type LookedUpAccount = AnswerOf<'lookUpAccount'>;
export type Journal = ItemOf<AnswerOf<'listJournals'>>;
export type JournalDetail = AnswerOf<'getJournal'>;
export type TrialBalance = AnswerOf<'getTrialBalance'>;
export type Reconciliation = AnswerOf<'runReconciliation'>;
export type DeadLetter = ItemOf<AnswerOf<'listDeadLettersOfAccounts'>>;
export type ServiceHealth = AnswerOf<'getServiceHealth'>;
