export { openRedisCache, REDIS_SETTINGS, type RedisOptions, readRedisUrl } from './redis-cache.ts';
