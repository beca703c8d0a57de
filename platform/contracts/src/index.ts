export { closeAccount, freezeAccount, unfreezeAccount, updateAccount } from './account-changes.ts';
export type { AccountAnswer } from './account-shape.ts';
export {
  ACCOUNTS_PER_CUSTOMER_MAX,
  accountsApprovals,
  accountsDeadLetters,
  accountsRoutes,
  accountsSagas,
  getAccount,
  getAccountTransaction,
  getBalance,
  listAccounts,
  listAccountTransactions,
  listCustomerAccounts,
  lookUpAccount,
  openAccount,
} from './accounts.ts';
export { type ApprovalAnswer, ApprovalShape, approvalRoutes } from './approvals.ts';
export { STAFF_READS } from './audited-reads.ts';
export { bankRoutes } from './bank-routes.ts';
export { beginPasskeyConfirmation, type ConfirmationAnswer, confirmPayment } from './confirmations.ts';
export { disableClient, listClients, listMyConsents, registerClient, revokeMyConsent } from './consents.ts';
export {
  askEmailConfirmation,
  askPasswordReset,
  changeMyEmail,
  changeMyPassword,
  completePasswordReset,
  confirmEmail,
  disableUser,
  enableUser,
  endMySessions,
  endUserSessions,
  forgetMyDevice,
  forgetMyDevices,
  listMyDevices,
} from './credentials.ts';
export {
  type CustomerAnswer,
  type DisclosureAnswer,
  discloseCustomer,
  getCustomer,
  listCustomers,
} from './customers.ts';
export { deadLetterRoutes, type EventReadingService, type RetriedAnswer } from './dead-letters.ts';
export { countOpenAccounts, eraseOwner, eraseUser } from './erasure.ts';
export {
  type AccountChanged,
  type AccountStatusChanged,
  type AuditAction,
  accountChanged,
  accountStatusChanged,
  auditAction,
  type EventContract,
  eventContracts,
  type NoticeCreated,
  noticeCreated,
  personErased,
  type StandingOrderExecuted,
  secondFactorChanged,
  securityChanged,
  sessionsRevoked,
  standingOrderExecuted,
  type TransferCompleted,
  type TransferReversed,
  transferCompleted,
  transferFailed,
  transferReversed,
  userRegistered,
} from './events.ts';
export {
  beginPasskey,
  beginTotp,
  confirmTotp,
  createPasskey,
  getMyFactors,
  makeRecoveryCodes,
  removePasskey,
  removeTotp,
} from './factors.ts';
export {
  DASHBOARD_TRANSACTIONS_MAX,
  type Dashboard,
  gatewayRoutes,
  getDashboard,
  getServiceHealth,
  type ServiceState,
} from './gateway.ts';
export { getBalanceHistory, getSpending, type SpendingAnswer } from './insights.ts';
export {
  beginFederation,
  beginPasskeySignIn,
  cancelSignIn,
  federationCallback,
  finishFederation,
  getInteraction,
  getInteractionSignUp,
  giveConsent,
  type InteractionAnswer,
  submitPasskey,
  submitSignIn,
  submitSignInCode,
  submitSignUp,
} from './interactions.ts';
export {
  checkSecondFactor,
  getHolder,
  type HolderAnswer,
  listPasskeyDescriptors,
  listRevocations,
  type PasskeyDescriptorsAnswer,
  registerUser,
  resolveWebSession,
  setUserLogin,
  setUserRoles,
} from './internal-users.ts';
export { getJournal, getLatestReconciliation, type JournalAnswer, listJournals } from './journals.ts';
export {
  captureHold,
  createHold,
  getLedgerAccount,
  type LedgerAccountAnswer,
  LedgerAccountShape,
  LedgerLineShape,
  LedgerStatus,
  ledgerRoutes,
  listLedgerPostings,
  putLedgerAccount,
  setBusinessClock,
  voidHold,
} from './ledger.ts';
export {
  listNotifications,
  type NoticeAnswer,
  notificationsDeadLetters,
  notificationsRoutes,
  readAllNotifications,
  readNotification,
  UNREAD_COUNTED_MAX,
} from './notifications.ts';
export {
  checkPayee,
  createPayee,
  deletePayee,
  distrustPayee,
  listPayees,
  PAYEES_PER_CUSTOMER_MAX,
  type PayeeAnswer,
  trustPayee,
  updatePayee,
} from './payees.ts';
export { type SignUpRequest, SignUpShape, type User, UserShape } from './people.ts';
export {
  EXCLUSIVE_ROLES,
  GRANTS,
  mayAny,
  PERMISSIONS,
  type Permission,
  permissionsOf,
  rolesThatMay,
} from './permissions.ts';
export {
  CATEGORIES,
  type Category,
  CategoryShape,
  HISTORY_SEARCH,
  type PostingAnswer,
  PostingShape,
} from './posting.ts';
export type { ProblemKind } from './problem-kind.ts';
export { PROBLEMS, type ProblemCode, problemKind } from './problems.ts';
export { listProducts } from './products.ts';
export { ReconciliationShape } from './reconciliation.ts';
export { ROLES, type Role, RoleShape } from './roles.ts';
export {
  type Access,
  type BodyOf,
  type ParamsOf,
  type QueryOf,
  type RouteContract,
  route,
  type ServiceName,
} from './route.ts';
export {
  SagaCommandShape,
  type SagaOutcome,
  SagaOutcomeShape,
  sagaCommandEvent,
  sagaCommandRoute,
  sagaCommandTopic,
  sagaReplyEvent,
  sagaReplyTopic,
} from './saga-commands.ts';
export { type PendingActionAnswer, type SagaDetailAnswer, type SagaSummaryAnswer, sagaRoutes } from './sagas.ts';
export {
  BalanceShape,
  CalendarDate,
  MoneyShape,
  NO_CONTROL_CHARACTERS,
  PAGE_SIZE_DEFAULT,
  PAGE_SIZE_MAX,
  PageQuery,
  PLAIN_TEXT,
  ProblemShape,
  pageOf,
  REFERENCE_LENGTH_MAX,
  Reference,
  STRICT,
  Timestamp,
  Uuid,
} from './shapes.ts';
export {
  cancelStandingOrder,
  createStandingOrder,
  type ExecutionAnswer,
  getStandingOrder,
  listStandingOrderExecutions,
  listStandingOrders,
  pauseStandingOrder,
  resumeStandingOrder,
  STANDING_ORDERS_PER_CUSTOMER_MAX,
  type StandingOrderAnswer,
  skipStandingOrder,
} from './standing-orders.ts';
export {
  exportAccountTransactions,
  getStatement,
  listStatements,
  type StatementAnswer,
  type StatementSummaryAnswer,
} from './statements.ts';
export { type AccountEvent, AccountEventShape, streamAccountEvents } from './stream.ts';
export { THIRD_PARTY_SCOPES, type ThirdPartyScope } from './third-party.ts';
export {
  CashMovementShape,
  createDeposit,
  createTransfer,
  createTransferBatch,
  createWithdrawal,
  getTransfer,
  getTrialBalance,
  reverseTransfer,
  runReconciliation,
  TRANSFER_BATCH_ITEMS_MAX,
  transactionsApprovals,
  transactionsRoutes,
  transactionsSagas,
} from './transactions.ts';
export { type Transfer, type TransferRequest, TransferRequestShape, TransferShape } from './transfers.ts';
export {
  IN_DOUBT_MAX,
  type InDoubtAnswer,
  listInDoubt,
  listTwoPhaseAttention,
  type TwoPhaseAttentionAnswer,
} from './two-phase.ts';
export {
  beginWebSignIn,
  endMySession,
  endWebSession,
  finishWebSignIn,
  getMe,
  getWebSession,
  grantRole,
  listMySessions,
  SignedInShape,
  signUp,
  updateMe,
  usersApprovals,
  usersDeadLetters,
  usersRoutes,
  usersSagas,
  withdrawRole,
} from './users.ts';
