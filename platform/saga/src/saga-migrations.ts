/** The tables of sagas and of participants, for the database of a service that has either. */
export const sagaMigrations = new URL('../migrations/', import.meta.url);
