/** Which passing of which point ends the process. */
export interface Armed {
  readonly point: string;
  readonly nth: number;
}

/** Ends this process as `kill -9` does, at the n-th passing of a point since it was armed. */
export function createFault() {
  let armed: Armed | undefined;
  let passed = 0;
  return {
    arm(next: Armed): void {
      armed = next;
      passed = 0;
    },
    at(point: string): void {
      if (point !== armed?.point) return;
      passed += 1;
      if (passed === armed.nth) process.kill(process.pid, 'SIGKILL');
    },
  };
}

/** Passes a point. */
export type At = (point: string) => void;
