export * from './accounts.ts';
export * from './events.ts';
export * from './gateway.ts';
export * from './route.ts';
export * from './shapes.ts';
export * from './transactions.ts';
export * from './users.ts';
