import { secondStep } from './second-step.ts';
import { security } from './security.ts';

/** The texts about second factors: of the pages where one signs in, and of the page where one sets them up. */
export const enFactors = { secondStep, security } as const;
