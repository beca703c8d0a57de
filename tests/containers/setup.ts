import { composeDown, composeUp, containerOf, docker, HOME } from '../../tools/containers/composition.ts';
import { HOME as HOME_INSIDE } from '../../tools/containers/places.ts';
import { RAISED_LIMITS } from '../bank-process.ts';

/** Vitest calls it once a run, in the engine that `npm run containers` started: the bank of compose.yaml, for all files. */
export async function setup(): Promise<() => Promise<void>> {
  try {
    await composeUp(RAISED_LIMITS);
    // What a person is told to take out as well: whom to trust, and the passwords of demo people.
    for (const file of ['certs/ca.pem', 'demo-users.json']) {
      await docker('cp', `${containerOf('prepare')}:${HOME_INSIDE}/${file}`, HOME);
    }
    return composeDown;
  } catch (error) {
    await composeDown().catch(() => {});
    throw error;
  }
}
