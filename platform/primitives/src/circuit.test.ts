import { expect, it } from 'vitest';
import { createCircuit } from './circuit.ts';

it('opens after some failures in a row, lets one try after its rest, and closes on a success', () => {
  const circuit = createCircuit({ failuresMax: 2, restMs: 100 });
  circuit.failed(0);
  expect(circuit.isOpen(0)).toBe(false);
  circuit.succeeded(0);
  circuit.failed(0);
  expect(circuit.isOpen(0)).toBe(false);
  expect(circuit.failed(0)).toBe(true);
  expect(circuit.isOpen(99)).toBe(true);
  expect(circuit.isOpen(100)).toBe(false);
  expect(circuit.isOpen(101)).toBe(true);
  expect(circuit.failed(110)).toBe(false);
  expect(circuit.isOpen(199)).toBe(true);
  expect(circuit.isOpen(200)).toBe(false);
  circuit.succeeded(200);
  expect(circuit.isOpen(201)).toBe(false);
});

it('rests no longer for what was out when it opened', () => {
  const circuit = createCircuit({ failuresMax: 1, restMs: 100 });
  circuit.failed(0);
  circuit.failed(90);
  expect(circuit.isOpen(99)).toBe(true);
  expect(circuit.isOpen(100)).toBe(false);
});

it('lets another one try when nobody was told how the last one ended', () => {
  const circuit = createCircuit({ failuresMax: 1, restMs: 100 });
  circuit.failed(0);
  expect(circuit.isOpen(100)).toBe(false);
  expect(circuit.isOpen(199)).toBe(true);
  expect(circuit.isOpen(200)).toBe(false);
});

it('stays closed while something succeeded a moment ago: many that fail at once may be one of several servers', () => {
  const circuit = createCircuit({ failuresMax: 2, restMs: 100, quietMs: 50 });
  circuit.succeeded(0);
  for (let failures = 0; failures < 10; failures += 1) circuit.failed(49);
  expect(circuit.isOpen(49)).toBe(false);
  circuit.failed(50);
  expect(circuit.isOpen(50)).toBe(true);
});
