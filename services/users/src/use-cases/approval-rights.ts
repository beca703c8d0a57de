import type { Executor } from '@florin/postgres';
import { findRoles } from '../repositories/people.ts';

/** Who may ask for something that two people decide, and decide about it, by their roles. */
export interface ApprovalRights {
  mayAsk(roles: readonly string[]): boolean;
  mayDecide(roles: readonly string[]): boolean;
}

/** Refuses when whoever asked, or decides, has lost the right to. Tokens carry the roles of when they were made; here are those of now. */
export async function refusalOfRights(
  database: Executor,
  rights: ApprovalRights,
  { maker, checker }: { readonly maker: string; readonly checker: string },
): Promise<{ readonly code: string; readonly detail: string } | undefined> {
  const [makers = [], checkers = []] = [await findRoles(database, maker), await findRoles(database, checker)];
  if (rights.mayAsk(makers) && rights.mayDecide(checkers)) return undefined;
  return { code: 'approval-unfounded', detail: 'Whoever asked, or decides, has lost the right to.' };
}
