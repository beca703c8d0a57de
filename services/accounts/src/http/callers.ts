import { permissionsOf } from '@florin/contracts';
import type { Caller } from '@florin/http';
import type { Actor } from '../domain/actor.ts';

/** Who calls, as the rules of this service see them. */
export function actorOf({ caller }: { readonly caller: Caller }): Actor {
  return { ...caller, permissions: permissionsOf(caller.roles) };
}
