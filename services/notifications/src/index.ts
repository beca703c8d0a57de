export { NOTIFICATIONS_SETTINGS, type NotificationsConfig } from './config.ts';
export { type NotificationsPorts, notificationsMigrations, startNotifications } from './service.ts';
