import { credentials } from './credentials.ts';
import { secondStep } from './second-step.ts';
import { security } from './security.ts';

/** The texts about what signs one in: of the pages where one does, where a mail leads, and where one sets it up. */
export const enFactors = { secondStep, security, credentials } as const;
