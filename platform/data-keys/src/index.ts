export { type CustomerKeyMaker, customerKeyOf, customerKeysOf, eraseCustomerKey } from './customer-keys.ts';
export { dataKeyMigrations } from './data-key-migrations.ts';
export { askForNextKey, type DataKeyRow, readDataKeys } from './data-key-rows.ts';
export { type CustomerKey, type DataKeyOptions, type DataKeys, openDataKeys } from './data-keys.ts';
export { keyChores, resealRound } from './key-upkeep.ts';
export type { SealedColumn } from './sealed-column.ts';
