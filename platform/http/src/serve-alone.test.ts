import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const FIXTURE = fileURLToPath(new URL('./serve-alone.fixture.ts', import.meta.url));

interface Line {
  readonly msg: string;
  readonly port?: number;
  readonly internalPort?: number;
}

/** Runs the fixture in a process of its own; `said` resolves with the line that carries a message. */
function startChild() {
  const child = spawn(process.execPath, [FIXTURE], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: Line[] = [];
  const waiting = new Map<string, (line: Line) => void>();
  createInterface(child.stdout).on('line', (text) => {
    const line: Line = JSON.parse(text);
    lines.push(line);
    waiting.get(line.msg)?.(line);
  });
  return {
    child,
    messages: () => lines.map(({ msg }) => msg),
    said(message: string): Promise<Line> {
      const known = lines.find(({ msg }) => msg === message);
      return known === undefined ? new Promise((resolve) => waiting.set(message, resolve)) : Promise.resolve(known);
    },
    exited: new Promise<number | null>((resolve) => child.once('close', resolve)),
  };
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  'serves until %s, then finishes what is under way and ends',
  async (signal) => {
    const { child, messages, said, exited } = startChild();
    onTestFinished(() => void child.kill('SIGKILL'));
    const { port, internalPort } = await said('slow is ready');
    const ready = await fetch(`http://127.0.0.1:${internalPort}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', services: { slow: true } }]);
    expect((await fetch(`http://127.0.0.1:${internalPort}/metrics`)).status).toBe(200);

    const underWay = fetch(`http://127.0.0.1:${port}/`);
    await said('working');
    child.kill(signal);
    child.kill(signal);
    const answer = await underWay;
    expect([answer.status, await answer.text()]).toEqual([200, 'done']);
    expect(await exited).toBe(0);
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    expect(messages().filter((message) => message.endsWith('closed'))).toEqual([
      'service closed',
      'first closed',
      'second closed',
    ]);
    expect(messages().indexOf('answered')).toBeLessThan(messages().indexOf('service closed'));
  },
);
