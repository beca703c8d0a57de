/** What counts as somebody being there. */
const ACTIVITY = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
const TICK_MS = 1_000;

interface IdlenessWatch {
  readonly idleSeconds: number;
  readonly warningSeconds: number;
  /** Every second of the last stretch, with what is left of it. */
  readonly onWarning: (secondsLeft: number) => void;
  /** Somebody is there again after a warning. */
  readonly onActive: () => void;
  readonly onIdle: () => void;
}

/**
 * Watches for a person at the page; answers what ends the watch. Measured by the page's own clock rather than by
 * counting ticks: browsers let the timers of a hidden page sleep.
 */
export function watchIdleness(watch: IdlenessWatch): () => void {
  let activeAt = performance.now();
  let hasWarned = false;

  const onActivity = (): void => {
    activeAt = performance.now();
    if (hasWarned) watch.onActive();
    hasWarned = false;
  };
  const timer = setInterval(() => {
    const secondsLeft = Math.ceil(watch.idleSeconds - (performance.now() - activeAt) / 1_000);
    if (secondsLeft > watch.warningSeconds) return;
    if (secondsLeft <= 0) {
      stop();
      watch.onIdle();
      return;
    }
    hasWarned = true;
    watch.onWarning(secondsLeft);
  }, TICK_MS);
  for (const name of ACTIVITY) window.addEventListener(name, onActivity, { passive: true, capture: true });

  function stop(): void {
    clearInterval(timer);
    for (const name of ACTIVITY) window.removeEventListener(name, onActivity, { capture: true });
  }
  return stop;
}
