import {
  isFinal,
  type Saga,
  type SagaCommand,
  type SagaDefinition,
  type SagaInput,
  type Transition,
} from '@florin/saga';
import { type Definitions, definitionAt } from './definitions.ts';
import type { Held, SagaStore } from './saga-store.ts';
import type { Surroundings } from './surroundings.ts';

export const LEASE_MS = 3_000;
const CLAIMED_MAX = 4;
/** How often something from outside is decided anew when somebody else was faster. */
const ROUNDS_MAX = 5;

export interface InstanceSetting {
  readonly name: string;
  /** How far its own clock is off. */
  readonly skewMs: number;
  readonly store: SagaStore;
  readonly definitions: Definitions;
  /** Sends a command; the answer comes to the sender or to another instance. */
  readonly send: (command: SagaCommand, sender: Instance) => void;
}

/** An orchestrator: whatever it has in memory dies with it, and whatever it writes has to be on the newest revision. */
export class Instance {
  readonly name: string;
  readonly #world: Surroundings;
  readonly #setting: InstanceSetting;
  /** The newest version of every definition that is deployed here. */
  version = 1;
  #isUp = true;
  #life = 0;
  #pausedUntilMs = 0;

  constructor(world: Surroundings, setting: InstanceSetting) {
    this.#world = world;
    this.#setting = setting;
    this.name = setting.name;
  }

  crash(forMs: number): void {
    this.#isUp = false;
    this.#life += 1;
    this.#pausedUntilMs = 0;
    this.#world.timeline.after(forMs, () => {
      this.#isUp = true;
    });
  }

  pause(forMs: number): void {
    this.#pausedUntilMs = this.#world.timeline.nowMs + forMs;
  }

  comesBack(): void {
    this.#isUp = true;
    this.#pausedUntilMs = 0;
  }

  /** Looks for sagas whose time has come. */
  tick(): void {
    if (!this.#isUp || this.#isPaused()) return;
    const claim = {
      clockMs: this.#clockMs(),
      leaseMs: LEASE_MS,
      limit: CLAIMED_MAX,
      knows: (saga: Saga) => this.#knows(saga),
    };
    for (const held of this.#setting.store.claimDue(claim)) {
      this.#world.trace(held.saga.id, () => `${this.name} claims revision ${held.revision}`);
      this.#later(() => this.#decide(held, { kind: 'due' }));
    }
  }

  /** Begins a saga by the newest definition that is deployed here. */
  start(id: string, type: string, input: Saga['input']): void {
    this.#receive(id, () => {
      const definition = definitionAt(this.#setting.definitions, type, this.version);
      const transition = this.#world.core.startSaga(this.#decision(definition), { id, input });
      const isBegun = this.#setting.store.insert(transition);
      this.#world.trace(id, () => `${this.name} ${isBegun ? 'begins it' : 'finds it begun'}`);
      if (isBegun) this.#dispatch(transition.command);
    });
  }

  /** Takes something from outside. `inputOf` sees the saga as it was read and says null when there is nothing to do. */
  give(sagaId: string, inputOf: (saga: Saga) => SagaInput | null, round = 1): void {
    this.#receive(sagaId, () => {
      const held = this.#setting.store.read(sagaId);
      if (held === undefined) return;
      if (!this.#knows(held.saga)) {
        if (!isFinal(held.saga)) this.#world.mark(sagaId, 'delivery', `${this.name} does not know its version`);
        return;
      }
      this.#later(() => {
        const input = inputOf(held.saga);
        if (input === null || this.#decide(held, input) || round === ROUNDS_MAX) return;
        this.give(sagaId, inputOf, round + 1);
      });
    });
  }

  /** True unless somebody else wrote first. */
  #decide(held: Held, input: SagaInput): boolean {
    const { core, random, faults } = this.#world;
    const { id } = held.saga;
    const version = core.keepsVersion ? held.saga.definitionVersion : this.version;
    const setting = this.#decision(definitionAt(this.#setting.definitions, held.saga.type, version));
    const isPoisoned = input.kind !== 'poison' && random.chance(faults.poison);
    if (isPoisoned) this.#world.mark(id, 'poison', 'deciding throws');
    const decided = core.decide(setting, held.saga, isPoisoned ? { kind: 'poison', message: 'it threw' } : input);
    if (!decided.ok) {
      this.#world.tally.add(`ignored: ${decided.failure.code}`);
      this.#world.trace(id, () => `${this.name} ignores ${input.kind}: ${decided.failure.detail}`);
      return true;
    }
    if (random.chance(faults.writeFailure)) {
      this.#world.mark(id, 'delivery', `${this.name} can not write`);
      return true;
    }
    const isWritten = this.#setting.store.write(held.revision, decided.value);
    this.#world.trace(
      id,
      () => `${this.name} on ${this.#describe(input)}: ${isWritten ? told(decided.value) : 'somebody was faster'}`,
    );
    if (!isWritten) {
      this.#world.tally.add('somebody was faster');
      return false;
    }
    if (random.chance(faults.writeUnheard)) {
      this.#world.mark(id, 'delivery', `${this.name} does not hear that it wrote`);
    } else this.#dispatch(decided.value.command);
    return true;
  }

  #dispatch(command: SagaCommand | null): void {
    if (command !== null) this.#setting.send(command, this);
  }

  #decision(definition: SagaDefinition) {
    return { definition, nowMs: this.#clockMs(), random: this.#world.random.next() };
  }

  #clockMs(): number {
    const { core, timeline } = this.#world;
    return core.usesDatabaseClock ? timeline.nowMs : timeline.nowMs + this.#setting.skewMs;
  }

  #knows(saga: Saga): boolean {
    return saga.definitionVersion <= this.version;
  }

  #isPaused(): boolean {
    return this.#world.timeline.nowMs < this.#pausedUntilMs;
  }

  /** What arrives at an instance that is down is lost; one that stands still takes it when it goes on. */
  #receive(sagaId: string, run: () => void): void {
    if (!this.#isUp) this.#world.mark(sagaId, 'delivery', `${this.name} is down`);
    else if (this.#isPaused()) this.#later(run);
    else run();
  }

  /** Goes on with what is in memory, unless that was lost meanwhile. */
  #later(run: () => void): void {
    const { timeline, random } = this.#world;
    const life = this.#life;
    const goOn = () => {
      if (life !== this.#life) return;
      if (this.#isPaused()) timeline.after(this.#pausedUntilMs - timeline.nowMs + random.between(0, 20), goOn);
      else run();
    };
    timeline.after(random.between(1, 40), goOn);
  }

  #describe(input: SagaInput): string {
    if (input.kind !== 'reply') return input.kind;
    const { op, branch, attempt, outcome } = input.reply;
    return `reply ${op} ${branch} #${attempt} ${outcome.kind}`;
  }
}

function told({ events }: Transition): string {
  return events
    .map((event) => ('branch' in event && event.branch ? `${event.kind} ${event.branch}` : event.kind))
    .join(', ');
}
