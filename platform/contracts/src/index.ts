export * from './events.ts';
export * from './route.ts';
export * from './shapes.ts';
export * from './transactions.ts';
