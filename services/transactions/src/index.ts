export { TRANSACTIONS_SETTINGS, type TransactionsConfig, WRITERS_DEFAULT } from './config.ts';
export { startTransactions, type TransactionsPorts } from './service.ts';
