import { account } from './account.ts';
import { accounts } from './accounts.ts';
import { history } from './history.ts';
import { overview } from './overview.ts';
import { payees } from './payees.ts';
import { payment } from './payment.ts';
import { problems } from './problems.ts';
import { profile } from './profile.ts';
import { send } from './send.ts';
import { sessions } from './sessions.ts';
import { shell } from './shell.ts';
import { signIn } from './sign-in.ts';
import { standingOrders } from './standing-orders.ts';
import { statements } from './statements.ts';
import { transaction } from './transaction.ts';

/** The texts in English that a customer meets, by area; those of `staff-catalogue.ts` come when they are needed. */
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
  payment,
  send,
  payees,
  standingOrders,
  problems,
} as const;
