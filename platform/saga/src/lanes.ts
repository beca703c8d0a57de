/** A piece of work that is under way when its promise is there. */
type Work = () => Promise<void>;

interface Lane {
  readonly waiting: Work[];
  running: number;
}

/**
 * Commands on their way, a lane for each participant: so many at once in a lane, so many in all, and each lane in turn. A
 * participant that is slow fills its own lane and leaves the others theirs.
 */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  readonly #limits: { readonly commandsMax: number; readonly commandsPerParticipantMax: number };
  #running = 0;

  constructor(limits: { readonly commandsMax: number; readonly commandsPerParticipantMax: number }) {
    this.#limits = limits;
  }

  /** Work that waits for its turn, in all lanes. */
  get waiting(): number {
    let waiting = 0;
    for (const lane of this.#lanes.values()) waiting += lane.waiting.length;
    return waiting;
  }

  /** Whether a lane has as many waiting as it may run: what could wait elsewhere should. */
  isFull(participant: string): boolean {
    return (this.#lanes.get(participant)?.waiting.length ?? 0) >= this.#limits.commandsPerParticipantMax;
  }

  /** Runs the work when it is its turn; resolves when it has run. It must not reject. */
  run(participant: string, work: Work): Promise<void> {
    return new Promise((resolve) => {
      this.#laneOf(participant).waiting.push(() => work().then(resolve));
      this.#startWaiting();
    });
  }

  #laneOf(participant: string): Lane {
    const known = this.#lanes.get(participant);
    if (known !== undefined) return known;
    const lane: Lane = { waiting: [], running: 0 };
    this.#lanes.set(participant, lane);
    return lane;
  }

  #startWaiting(): void {
    let hasStarted = true;
    while (hasStarted) {
      hasStarted = false;
      for (const lane of this.#lanes.values()) {
        if (this.#running >= this.#limits.commandsMax) return;
        if (lane.running >= this.#limits.commandsPerParticipantMax) continue;
        const work = lane.waiting.shift();
        if (work === undefined) continue;
        hasStarted = true;
        this.#start(lane, work);
      }
    }
  }

  #start(lane: Lane, work: Work): void {
    lane.running += 1;
    this.#running += 1;
    void work().then(() => {
      lane.running -= 1;
      this.#running -= 1;
      this.#startWaiting();
    });
  }
}
