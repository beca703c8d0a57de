export { PROVIDER_SETTINGS, USERS_SETTINGS, type UsersConfig } from './config.ts';
export { signEverybodyOut, startUsers, type UsersPorts, type UsersService, usersMigrations } from './service.ts';
