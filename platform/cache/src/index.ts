export {
  type Cache,
  FIELDS_MAX,
  type RateLimit,
  type Take,
  VERSIONED_CHARACTERS_MAX,
  type Versioned,
} from './cache.ts';
export { gcra } from './gcra.ts';
export { type CacheKey, KEY_SPACES, type KeySpace } from './key-spaces.ts';
export { memoryCache } from './memory-cache.ts';
