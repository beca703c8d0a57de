export { ACCOUNTS_SETTINGS, type AccountsConfig } from './config.ts';
export { type AccountsPorts, accountsMigrations, startAccounts } from './service.ts';
