import { cycles } from './cycles.ts';
import { determinism, environmentInConfig } from './determinism.ts';
import { documents } from './documents.ts';
import { exportsByName, indexAtRoot } from './exports.ts';
import { layers, synchronousDomain } from './layers.ts';
import { leftovers } from './leftovers.ts';
import { names } from './names.ts';
import { packages, sharedByTwo } from './packages.ts';
import { sameShape } from './shape.ts';
import { sizes } from './sizes.ts';
import { certificates } from './tls.ts';
import type { Rule } from './tree.ts';

/** The house rules a machine can check, by name. */
export const RULES: Readonly<Record<string, Rule>> = {
  'a layer imports only what lies below it': layers,
  'the domain is synchronous': synchronousDomain,
  'packages know only those to their left': packages,
  'a platform package has two users': sharedByTwo,
  'no import cycles': cycles,
  'files and functions stay small': sizes,
  'names say what is inside': names,
  'exports are named': exportsByName,
  'index.ts is a front door': indexAtRoot,
  'time and chance are arguments': determinism,
  'config.ts reads the environment': environmentInConfig,
  'nothing is left unfinished': leftovers,
  'every service has the same shape': sameShape,
  'a page has a title and working links': documents,
  'nobody looks away from a certificate': certificates,
};
