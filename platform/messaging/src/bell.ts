/** A sleep that can be cut short. A ring while nobody sleeps ends the next sleep at once, so no hint is lost. */
export interface Bell {
  ring(): void;
  sleep(ms: number): Promise<void>;
}

/** A bell that has not rung. */
export function createBell(): Bell {
  let hasRung = false;
  let awake: (() => void) | undefined;
  return {
    ring() {
      hasRung = true;
      awake?.();
    },
    sleep(ms) {
      if (hasRung) {
        hasRung = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const timer = setTimeout(() => awake?.(), ms);
        awake = () => {
          clearTimeout(timer);
          awake = undefined;
          hasRung = false;
          resolve();
        };
      });
    },
  };
}
