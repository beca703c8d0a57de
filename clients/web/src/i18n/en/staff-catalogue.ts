import { books } from './books.ts';
import { cash } from './cash.ts';
import { docs } from './docs.ts';
import { journals } from './journals.ts';
import { operations } from './operations.ts';
import { requests } from './requests.ts';
import { approvals, inDoubt, sagas } from './sagas.ts';
import { staff } from './staff.ts';
import { staffAccount } from './staff-account.ts';
import { staffCustomers } from './staff-customers.ts';

/** The texts of the staff console and of the page about the API, which few people ever open. */
export const enStaff = {
  staff,
  staffCustomers,
  staffAccount,
  cash,
  journals,
  books,
  operations,
  sagas,
  approvals,
  requests,
  inDoubt,
  docs,
} as const;
