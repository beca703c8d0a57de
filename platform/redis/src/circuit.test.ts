import { expect, it } from 'vitest';
import { createCircuit } from './circuit.ts';

it('opens after some failures in a row, lets one try after its rest, and closes on a success', () => {
  const circuit = createCircuit({ failuresMax: 2, restMs: 100 });
  circuit.failed(0);
  expect(circuit.isOpen(0)).toBe(false);
  circuit.succeeded();
  circuit.failed(0);
  expect(circuit.isOpen(0)).toBe(false);
  circuit.failed(0);
  expect(circuit.isOpen(99)).toBe(true);
  expect(circuit.isOpen(100)).toBe(false);
  expect(circuit.isOpen(101)).toBe(true);
  circuit.failed(110);
  expect(circuit.isOpen(209)).toBe(true);
  expect(circuit.isOpen(210)).toBe(false);
  circuit.succeeded();
  expect(circuit.isOpen(211)).toBe(false);
});
