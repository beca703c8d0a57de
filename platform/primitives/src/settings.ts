import { Fault } from './fault.ts';

/**
 * One variable of the environment, as data: the process reads it by this, and the reference is printed from it. With a
 * `default` it holds that text when it is not set; with `otherwise`, which says in words what holds then, it is undefined;
 * with neither it must be set.
 */
export interface Setting {
  readonly meaning: string;
  readonly default?: string;
  readonly otherwise?: string;
}

export type SettingTable = Readonly<Record<string, Setting>>;

export type Environment = Readonly<Record<string, string | undefined>>;

type ValueOf<Entry extends Setting> = Entry extends { readonly otherwise: string } ? string | undefined : string;

/** What the environment says, by the names of the table. */
export type SettingValues<Table extends SettingTable> = { readonly [Name in keyof Table]: ValueOf<Table[Name]> };

/** Keeps the names of a table while checking its shape. */
export function settingTable<const Table extends SettingTable>(table: Table): Table {
  return table;
}

/**
 * Reads the variables of a table and no other, as text. Faults with `setting-missing`, naming the first variable that must
 * be set and is not, or is empty.
 */
export function readSettings<Table extends SettingTable>(table: Table, environment: Environment): SettingValues<Table> {
  const values = Object.entries(table).map(([name, setting]) => {
    const value = environment[name] ?? setting.default;
    const mayMiss = setting.default !== undefined || setting.otherwise !== undefined;
    if (!mayMiss && !value) throw new Fault('setting-missing', `the setting ${name} is missing`);
    return [name, value] as const;
  });
  return Object.fromEntries(values) as SettingValues<Table>;
}

/** A setting as a port. Faults with `setting-invalid`. */
export function portSetting(name: string, text: string): number {
  const port = Number(text);
  if (text.trim() !== '' && Number.isInteger(port) && port >= 0 && port <= PORT_MAX) return port;
  throw new Fault('setting-invalid', `the setting ${name} must be a port, from 0 to ${PORT_MAX}`);
}

/** A port's next neighbour serves health and metrics, so the last one can not be had. */
const PORT_MAX = 65_534;

/** A setting as JSON. Faults with `setting-invalid`, without a word of what it holds: it may be a key. */
export function jsonSetting<Value>(name: string, text: string): Value {
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault('setting-invalid', `the setting ${name} must be JSON`);
  }
}
