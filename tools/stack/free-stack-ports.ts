import { portsFrom } from './ports.ts';
import { isListening } from './reachable.ts';

/** Apart from those of a stack that somebody runs on this machine, and from one that a killed run left. */
const BASE_PORTS = [18_443, 18_543, 18_643, 18_743];

/** The base of a stack beside others: nobody listens at any port that follows from it. */
export async function freeBasePort(): Promise<number> {
  for (const base of BASE_PORTS) {
    const taken = await Promise.all(Object.values(portsFrom(base)).map(isListening));
    if (!taken.includes(true)) return base;
  }
  throw new Error(`something listens near each of the ports ${BASE_PORTS.join(', ')}`);
}
