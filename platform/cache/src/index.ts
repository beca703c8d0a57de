export { type Cache, FIELDS_MAX, type RateLimit, type Take } from './cache.ts';
export { gcra } from './gcra.ts';
export { memoryCache } from './memory-cache.ts';
