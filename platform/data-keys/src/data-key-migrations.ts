/** The folder of the tables of this package; a service runs it before its own migrations. */
export const dataKeyMigrations = new URL('../migrations/', import.meta.url);
