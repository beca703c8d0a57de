import { payees } from './payees.ts';
import { payment } from './payment.ts';
import { send } from './send.ts';
import { standingOrders } from './standing-orders.ts';

/** The texts of the pages on which money is sent, now or later; the counter of the console has the same fields. */
export const enPayment = { payment, send, payees, standingOrders } as const;
