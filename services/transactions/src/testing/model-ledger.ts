import type { CashCommand, Command } from '../domain/command.ts';
import { systemAccountId } from '../domain/system-account.ts';
import { claim, giveBack, reverse, takeBack } from './model-reversals.ts';
import {
  addJournal,
  type ModelAccount,
  type ModelHold,
  type Moment,
  moveOfBank,
  no,
  type Of,
  type State,
  spend,
  type Verdict,
  yes,
} from './model-state.ts';

/**
 * The ledger once more, as plainly as it can be said: maps, ifs, one command after the other. It shares nothing with
 * the rules it checks but the shape of a command.
 */
export class ModelLedger {
  state: State = { accounts: new Map(), holds: new Map(), journals: new Map(), bank: new Map() };

  /** Applies a command and says what the ledger must answer: `ok`, or the refusal, and the accounts as they are then. */
  apply(command: Command, moment: Moment): string {
    const { code, changed } = this.#decide(command, moment);
    if (code !== 'ok') return code;
    return ['ok', ...changed.map((id) => this.describe(id)).sort()].join(' ');
  }

  describe(id: string): string {
    const account = this.state.accounts.get(id);
    return `${id}:${account?.status}:${account?.posted}:${account?.held}:${account?.spent}:${account?.version}`;
  }

  /** Runs work that may be taken back whole. */
  atomically(work: () => boolean): void {
    const before = structuredClone(this.state);
    if (!work()) this.state = before;
  }

  /** Everything anybody has, the bank included: always nothing. */
  totalMinor(): bigint {
    let total = 0n;
    for (const account of this.state.accounts.values()) total += account.posted;
    for (const posted of this.state.bank.values()) total += posted;
    return total;
  }

  #decide(command: Command, moment: Moment): Verdict {
    switch (command.kind) {
      case 'transfer':
        return this.#transfer(command, moment);
      case 'send':
        return this.#send(command, moment);
      case 'post-debit':
        return this.#postDebit(command);
      case 'receive':
        return this.#receive(command);
      case 'deposit':
      case 'withdrawal':
        return this.#cash(command);
      case 'hold':
        return this.#hold(command, moment);
      case 'capture':
        return this.#capture(command);
      case 'void':
      case 'expire':
        return this.#release(command, moment);
      case 'reversal':
        return reverse(this.state, command);
      case 'claim':
      case 'unclaim':
        return claim(this.state, command);
      case 'take-back':
        return takeBack(this.state, command);
      case 'give-back':
        return giveBack(this.state, command);
      case 'control':
        return this.#control(command, moment);
      default:
        throw new Error(`the model knows nothing of ${command.kind}`);
    }
  }

  #transfer(command: Of<'transfer'>, { day }: Moment): Verdict {
    const { accounts } = this.state;
    const { debitAccountId: from, creditAccountId: to, amountMinor: amount, currency } = command;
    const payer = accounts.get(from);
    const payee = accounts.get(to);
    if (payer === undefined || !payer.owners.includes(command.actor)) return no('account-not-found');
    if (from === to) return no('same-account');
    if (payee === undefined) return no('account-not-found');
    if (payer.status !== 'active') return no('account-not-active');
    if (payer.currency !== currency) return no('currency-mismatch');
    if (payer.posted - payer.held + payer.overdraft < amount + payer.fee) return no('insufficient-funds');
    if (payee.status !== 'active' && payee.status !== 'frozen') return no('account-not-active');
    if (payee.currency !== currency) return no('currency-mismatch');
    if (!spend(payer, amount, day)) return no('daily-limit-exceeded');
    payer.posted -= amount + payer.fee;
    payer.version += 1;
    payee.posted += amount;
    payee.version += 1;
    addJournal(this.state, command.id, 'transfer', from, to, amount, currency);
    if (payer.fee > 0n) {
      const income = systemAccountId('fee-income', currency);
      moveOfBank(this.state, income, payer.fee);
      addJournal(this.state, command.feeJournalId, 'fee', from, income, payer.fee, currency);
    }
    return yes(from, to);
  }

  #send(command: Of<'send'>, moment: Moment): Verdict {
    const payer = this.state.accounts.get(command.debitAccountId);
    if (payer === undefined || !payer.owners.includes(command.actor)) return no('account-not-found');
    const { id, debitAccountId: accountId, currency, reference } = command;
    const amountMinor = command.amountMinor + payer.fee;
    const money = { amountMinor, currency, reference };
    return this.#hold({ kind: 'hold', id, accountId, ...money, expiresAtMs: null, sagaId: id }, moment);
  }

  #postDebit({ id, feeJournalId, debitAccountId: from, creditAccountId: to, ...command }: Of<'post-debit'>): Verdict {
    const hold = this.state.holds.get(id);
    const payer = this.state.accounts.get(from);
    if (hold === undefined || payer === undefined || hold.account !== from) return no('hold-not-found');
    if (hold.status !== 'open') return no('hold-not-open');
    const { amountMinor: amount, currency } = command;
    const fee = hold.amount - amount;
    this.#endHold(hold, payer, amount, 'captured');
    hold.captured = hold.amount;
    payer.posted -= hold.amount;
    moveOfBank(this.state, systemAccountId('clearing', currency), amount);
    addJournal(this.state, id, 'half of a transfer', from, to, amount, currency);
    if (fee > 0n) {
      const income = systemAccountId('fee-income', currency);
      moveOfBank(this.state, income, fee);
      addJournal(this.state, feeJournalId, 'fee', from, income, fee, currency);
    }
    return yes(from);
  }

  #receive({ id, debitAccountId, creditAccountId, amountMinor, currency }: Of<'receive'>): Verdict {
    const payee = this.state.accounts.get(creditAccountId);
    const takes = payee?.currency === currency && (payee.status === 'active' || payee.status === 'frozen');
    const to = takes ? creditAccountId : systemAccountId('suspense', currency);
    moveOfBank(this.state, systemAccountId('clearing', currency), -amountMinor);
    addJournal(this.state, id, 'half of a transfer', debitAccountId, to, amountMinor, currency);
    if (payee === undefined || !takes) {
      moveOfBank(this.state, to, amountMinor);
      return yes();
    }
    payee.posted += amountMinor;
    payee.version += 1;
    return yes(creditAccountId);
  }

  #cash({ kind, id, actor, accountId, amountMinor, currency }: CashCommand): Verdict {
    const change = kind === 'deposit' ? amountMinor : -amountMinor;
    const account = this.state.accounts.get(accountId);
    if (account === undefined) return no('account-not-found');
    if (account.owners.includes(actor)) return no('own-account');
    if (account.status !== 'active' && !(change > 0n && account.status === 'frozen')) return no('account-not-active');
    if (account.currency !== currency) return no('currency-mismatch');
    const left = account.posted - account.held + account.overdraft + change;
    if (change < 0n && left < 0n) return no('insufficient-funds');
    account.posted += change;
    account.version += 1;
    const cash = systemAccountId('cash', currency);
    moveOfBank(this.state, cash, -change);
    const [from, to] = change > 0n ? [cash, accountId] : [accountId, cash];
    addJournal(this.state, id, kind, from, to, amountMinor, currency);
    return yes(accountId);
  }

  #hold(command: Of<'hold'>, { day }: Moment): Verdict {
    const account = this.state.accounts.get(command.accountId);
    if (account === undefined) return no('account-not-found');
    if (account.status !== 'active') return no('account-not-active');
    if (account.currency !== command.currency) return no('currency-mismatch');
    const amount = command.amountMinor;
    if (account.posted - account.held + account.overdraft < amount) return no('insufficient-funds');
    if (!spend(account, amount, day)) return no('daily-limit-exceeded');
    account.held += amount;
    account.version += 1;
    this.state.holds.set(command.id, {
      account: command.accountId,
      amount,
      captured: 0n,
      status: 'open',
      day,
      expiresAt: command.expiresAtMs,
      isSagas: command.sagaId !== null,
    });
    return yes(command.accountId);
  }

  #capture(command: Of<'capture'>): Verdict {
    const hold = this.state.holds.get(command.holdId);
    const payer = hold && this.state.accounts.get(hold.account);
    if (hold === undefined || payer === undefined) return no('hold-not-found');
    if (hold.status !== 'open') return no('hold-not-open');
    const amount = command.amountMinor ?? hold.amount;
    if (command.currency !== null && command.currency !== payer.currency) return no('currency-mismatch');
    if (amount > hold.amount) return no('capture-exceeds-hold');
    const to = command.creditAccountId;
    if (to === hold.account) return no('same-account');
    const isBank = to === systemAccountId('settlement', payer.currency);
    const payee = this.state.accounts.get(to);
    if (!isBank) {
      if (payee === undefined) return no('account-not-found');
      if (payee.status !== 'active' && payee.status !== 'frozen') return no('account-not-active');
      if (payee.currency !== payer.currency) return no('currency-mismatch');
      payee.posted += amount;
      payee.version += 1;
    } else moveOfBank(this.state, to, amount);
    this.#endHold(hold, payer, amount, 'captured');
    payer.posted -= amount;
    addJournal(this.state, command.journalId, 'capture', hold.account, to, amount, payer.currency);
    return isBank ? yes(hold.account) : yes(hold.account, to);
  }

  #release(command: Extract<Command, { holdId: string; kind: 'void' | 'expire' }>, { nowMs }: Moment): Verdict {
    const hold = this.state.holds.get(command.holdId);
    const account = hold && this.state.accounts.get(hold.account);
    if (hold === undefined || account === undefined) return no('hold-not-found');
    if (hold.status !== 'open') return no('hold-not-open');
    const isDue = !hold.isSagas && hold.expiresAt !== null && hold.expiresAt <= nowMs;
    if (command.kind === 'expire' && !isDue) return no('hold-not-open');
    this.#endHold(hold, account, 0n, command.kind === 'void' ? 'voided' : 'expired');
    return yes(hold.account);
  }

  #endHold(hold: ModelHold, account: ModelAccount, used: bigint, status: string): void {
    account.held -= hold.amount;
    if (account.day === hold.day) account.spent -= hold.amount - used;
    account.version += 1;
    hold.status = status;
    hold.captured = used;
  }

  #control(command: Of<'control'>, { day }: Moment): Verdict {
    const account = this.state.accounts.get(command.accountId);
    const inForce = {
      status: command.status as string,
      owners: command.owners,
      overdraft: command.overdraftMinor,
      limit: command.dailyLimitMinor,
      fee: command.transferFeeMinor,
      control: command.controlVersion,
    };
    if (account === undefined) {
      const fresh = { currency: command.currency, posted: 0n, held: 0n, version: 1, day, spent: 0n };
      this.state.accounts.set(command.accountId, { ...fresh, ...inForce });
      return yes(command.accountId);
    }
    if (account.control >= command.controlVersion) return yes();
    if (account.currency !== command.currency) return no('currency-mismatch');
    if (account.status === 'closed') return no('account-not-active');
    if (command.status === 'closed' && (account.posted !== 0n || account.held !== 0n)) return no('account-not-empty');
    Object.assign(account, inForce, { version: account.version + 1 });
    return yes(command.accountId);
  }
}
