export type { ActionOrigin } from './action-origin.ts';
export { type Circuit, createCircuit } from './circuit.ts';
export { type Clock, type IsoDate, systemClock, utcDate } from './clock.ts';
export { Fault } from './fault.ts';
export { BUCKET_COUNT, bucketOf, bucketOfCustomer, isUuid, type NewId, newId, timeOfId, uuidInBucket } from './id.ts';
export { InvariantViolation, invariant, unreachable } from './invariant.ts';
export { maskName } from './mask-name.ts';
export { fail, ok, type Result } from './result.ts';
export {
  type Environment,
  jsonSetting,
  portSetting,
  readSettings,
  type Setting,
  type SettingTable,
  type SettingValues,
  settingTable,
} from './settings.ts';
export { type Chore, startUpkeep } from './upkeep.ts';
