export { PROVIDER_SETTINGS, USERS_SETTINGS, type UsersConfig } from './config.ts';
export { startUsers, type UsersPorts, type UsersService, usersMigrations } from './service.ts';
export { signEverybodyOut } from './use-cases/sign-everybody-out.ts';
