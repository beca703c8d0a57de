export { PROVIDER_SETTINGS, readIdentityProviders, USERS_SETTINGS, type UsersConfig } from './config.ts';
export { startUsers, type UsersPorts, type UsersService, usersMigrations } from './service.ts';
