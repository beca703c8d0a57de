import { expect, it } from 'vitest';
import { knownDeviceOf, rememberDevice } from './known-devices.ts';

const DAY_MS = 86_400_000;
const device = (personId: string, sinceMs = 0) => ({ personId, deviceId: `device-of-${personId}`, sinceMs });

it('knows each person by an id of their own, for half a year', () => {
  const devices = [device('ada'), device('ben')];
  expect(knownDeviceOf(devices, 'ben', 180 * DAY_MS)).toBe('device-of-ben');
  expect(knownDeviceOf(devices, 'ben', 180 * DAY_MS + 1)).toBeUndefined();
  expect(knownDeviceOf(devices, 'cleo', 0)).toBeUndefined();
});

it('remembers four people, the last first, and nobody twice', () => {
  const four = ['ada', 'ben', 'cleo', 'dan'].reduce(
    (list, name) => rememberDevice(list, device(name)),
    rememberDevice([], device('old')),
  );
  expect(four.map(({ personId }) => personId)).toEqual(['dan', 'cleo', 'ben', 'ada']);
  expect(rememberDevice(four, device('ben', 5)).map(({ personId }) => personId)).toEqual(['ben', 'dan', 'cleo', 'ada']);
});
