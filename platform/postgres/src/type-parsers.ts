import { type CustomTypesConfig, types } from 'pg';

/** Object identifiers of built-in types; they never change (PostgreSQL, pg_type.dat). */
const OID = { int8: 20, text: 1009, date: 1082, timestamp: 1114, int8Array: 1016, dateArray: 1182, numericArray: 1231 };
const OID_TIMESTAMP_ARRAY = 1115;

const readTextArray: (text: string) => (string | null)[] = types.getTypeParser(OID.text, 'text');

const parsers: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [OID.int8, BigInt],
  [OID.int8Array, (text) => readTextArray(text).map((item) => (item === null ? null : BigInt(item)))],
  // A calendar date and a time without a zone are no moments: a Date would move them by the zone of this machine.
  [OID.date, (text) => text],
  [OID.dateArray, readTextArray],
  [OID.timestamp, (text) => text],
  [OID_TIMESTAMP_ARRAY, readTextArray],
  [OID.numericArray, readTextArray],
]);

/** How column values become JavaScript values, per client: the driver's global parsers stay untouched. */
export const typeParsers: CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    return parsers.get(oid) ?? types.getTypeParser(oid, format ?? 'text');
  },
};
