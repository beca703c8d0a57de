import { account } from './account.ts';
import { accounts } from './accounts.ts';
import { books } from './books.ts';
import { cash } from './cash.ts';
import { docs } from './docs.ts';
import { history } from './history.ts';
import { journals } from './journals.ts';
import { operations } from './operations.ts';
import { overview } from './overview.ts';
import { payees } from './payees.ts';
import { payment } from './payment.ts';
import { problems } from './problems.ts';
import { profile } from './profile.ts';
import { send } from './send.ts';
import { sessions } from './sessions.ts';
import { shell } from './shell.ts';
import { signIn } from './sign-in.ts';
import { staff } from './staff.ts';
import { staffAccount } from './staff-account.ts';
import { staffCustomers } from './staff-customers.ts';
import { standingOrders } from './standing-orders.ts';
import { statements } from './statements.ts';
import { transaction } from './transaction.ts';

/** Every text of the page in English, by area. */
export const en = {
  shell,
  signIn,
  overview,
  accounts,
  account,
  history,
  transaction,
  statements,
  staff,
  profile,
  sessions,
  docs,
  staffCustomers,
  cash,
  staffAccount,
  journals,
  books,
  operations,
  payment,
  send,
  payees,
  standingOrders,
  problems,
} as const;
