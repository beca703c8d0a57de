import { account } from './account.ts';
import { accounts } from './accounts.ts';
import { history } from './history.ts';
import { overview } from './overview.ts';
import { problems } from './problems.ts';
import { profile } from './profile.ts';
import { sessions } from './sessions.ts';
import { shell } from './shell.ts';
import { signIn } from './sign-in.ts';
import { statements } from './statements.ts';
import { transaction } from './transaction.ts';

/** The texts in English that a customer meets first, by area; those of the other catalogues come when they are needed. */
export const en = {
  shell,
  signIn,
  overview,
  accounts,
  account,
  history,
  transaction,
  statements,
  profile,
  sessions,
  problems,
} as const;
