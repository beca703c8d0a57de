import { formatMoney } from '@florin/money';
import type { HistoryLine } from '../../domain/history.ts';
import type { Statement } from '../../domain/statement.ts';
import { BANK_NAME } from './bank-name.ts';
import { element, textElement } from './xml.ts';

// A statement as camt.053.001.08, BankToCustomerStatement of ISO 20022 (message definition report of the Bank-to-
// Customer Cash Management set, and the external code sets for balances, entries and bank transactions).

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.08';
/** Max35Text, Max140Text and Max70Text of the standard. */
const ID_LENGTH_MAX = 35;
const TEXT_LENGTH_MAX = 140;
const ACCOUNT_NAME_LENGTH_MAX = 70;
/** Amounts and sums have at most 18 digits (totalDigits). */
const DIGITS_MAX = 18;

/** Everything before the entries. The same statement always has the same ids, so that it is not taken in twice. */
export function camtHead(statement: Statement): string {
  const { iban, period, currency, openingMinor, closingMinor } = statement;
  const id = textElement('Id', `${iban}-${period}`, ID_LENGTH_MAX);
  const createdAt = element('CreDtTm', new Date(statement.frozenAtMs).toISOString());
  return [
    `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="${NAMESPACE}"><BkToCstmrStmt>`,
    element('GrpHdr', textElement('MsgId', `${iban}-${period}`, ID_LENGTH_MAX), createdAt),
    '<Stmt>',
    id,
    element('ElctrncSeqNb', `${statement.sequence}`),
    createdAt,
    element('FrToDt', element('FrDtTm', `${statement.from}T00:00:00Z`), element('ToDtTm', `${statement.to}T23:59:59Z`)),
    accountOf(statement),
    balanceOf('OPBD', openingMinor, currency, statement.from),
    balanceOf('CLBD', closingMinor, currency, statement.to),
    summaryOf(statement),
    '\n',
  ].join('');
}

/** Everything after the entries. */
export function camtTail(): string {
  return '</Stmt></BkToCstmrStmt></Document>\n';
}

/** One booking as an entry. */
export function camtEntry(line: HistoryLine, currency: string): string {
  const { amountMinor, kind } = line;
  const reference = textElement('AcctSvcrRef', line.journalId.replaceAll('-', ''), ID_LENGTH_MAX);
  const bookedOn = new Date(line.bookedAtMs).toISOString().slice(0, 10);
  const entry = element(
    'Ntry',
    textElement('NtryRef', `${line.version}.${line.line}`, ID_LENGTH_MAX),
    amountOf(amountMinor, currency),
    kind === 'reversal' ? element('RvslInd', 'true') : '',
    element('Sts', element('Cd', 'BOOK')),
    element('BookgDt', element('Dt', bookedOn)),
    element('ValDt', element('Dt', line.valueDate)),
    reference,
    bankTransactionCode(line),
    element(
      'NtryDtls',
      element(
        'TxDtls',
        element('Refs', reference),
        amountOf(amountMinor, currency),
        partiesOf(line),
        remittanceOf(line),
      ),
    ),
  );
  return `${entry}\n`;
}

function accountOf({ iban, currency, accountName, holderName }: Statement): string {
  return element(
    'Acct',
    element('Id', element('IBAN', iban)),
    element('Ccy', currency),
    textElement('Nm', accountName, ACCOUNT_NAME_LENGTH_MAX),
    element('Ownr', textElement('Nm', holderName, TEXT_LENGTH_MAX)),
    element('Svcr', element('FinInstnId', textElement('Nm', BANK_NAME, TEXT_LENGTH_MAX))),
  );
}

function balanceOf(code: 'OPBD' | 'CLBD', minor: bigint, currency: string, date: string): string {
  return element(
    'Bal',
    element('Tp', element('CdOrPrtry', element('Cd', code))),
    amountOf(minor, currency),
    element('Dt', element('Dt', date)),
  );
}

/** An amount without its sign, and the sign as a word; nothing counts as a credit. */
function amountOf(minor: bigint, currency: string): string {
  const { amount } = formatMoney(minor < 0n ? -minor : minor, currency);
  return `<Amt Ccy="${currency}">${amount}</Amt>${signOf(minor)}`;
}

function signOf(minor: bigint): string {
  return element('CdtDbtInd', minor < 0n ? 'DBIT' : 'CRDT');
}

function summaryOf({ lineCount, creditCount, creditsMinor, debitsMinor, currency }: Statement): string {
  const netMinor = creditsMinor - debitsMinor;
  const net = decimalOf('Amt', netMinor < 0n ? -netMinor : netMinor, currency);
  return element(
    'TxsSummry',
    element(
      'TtlNtries',
      countOf(lineCount),
      decimalOf('Sum', creditsMinor + debitsMinor, currency),
      net === '' ? '' : element('TtlNetNtry', net, signOf(netMinor)),
    ),
    element('TtlCdtNtries', countOf(creditCount), decimalOf('Sum', creditsMinor, currency)),
    element('TtlDbtNtries', countOf(lineCount - creditCount), decimalOf('Sum', debitsMinor, currency)),
  );
}

function countOf(count: number): string {
  return element('NbOfNtries', `${count}`);
}

/** A turnover of more digits than the standard can write is left out; the entries are there to be added up. */
function decimalOf(name: string, minor: bigint, currency: string): string {
  return minor.toString().length > DIGITS_MAX ? '' : element(name, formatMoney(minor, currency).amount);
}

/**
 * The bank transaction code of a kind of booking: domain, family and sub-family. All money moves within the bank, so a
 * transfer is a book transfer (BOOK), received (RCDT) or issued (ICDT); cash is taken and given at the counter (CNTR).
 * A reversal of a transfer is RRTN in the family of the transfer that it takes back, one of cash or a fee a
 * miscellaneous operation. NTAV says that there is no better code.
 */
function bankTransactionCode(line: HistoryLine): string {
  const [family, subFamily] = familyOf(line);
  const code = element('Fmly', element('Cd', family), element('SubFmlyCd', subFamily));
  return element('BkTxCd', element('Domn', element('Cd', 'PMNT'), code));
}

function familyOf({ kind, amountMinor, counterpartyIban }: HistoryLine): readonly [family: string, subFamily: string] {
  const isCredit = amountMinor > 0n;
  switch (kind) {
    case 'transfer':
    case 'capture':
      return [isCredit ? 'RCDT' : 'ICDT', 'BOOK'];
    case 'deposit':
      return ['CNTR', 'CDPT'];
    case 'withdrawal':
      return ['CNTR', 'CWDL'];
    case 'fee':
      return ['MDOP', 'FEES'];
    case 'reversal':
      if (counterpartyIban === null) return [isCredit ? 'MCOP' : 'MDOP', 'OTHR'];
      return [isCredit ? 'ICDT' : 'RCDT', 'RRTN'];
    default:
      return ['NTAV', 'NTAV'];
  }
}

/** The other side: whoever is not the account's holder. */
function partiesOf({ amountMinor, counterpartyName, counterpartyIban }: HistoryLine): string {
  const side = amountMinor < 0n ? 'Cdtr' : 'Dbtr';
  const name = textElement('Nm', counterpartyName, TEXT_LENGTH_MAX);
  const party = name === '' ? '' : element(side, element('Pty', name));
  const account =
    counterpartyIban === null ? '' : element(`${side}Acct`, element('Id', element('IBAN', counterpartyIban)));
  return party === '' && account === '' ? '' : element('RltdPties', party, account);
}

function remittanceOf({ reference }: HistoryLine): string {
  const text = textElement('Ustrd', reference, TEXT_LENGTH_MAX);
  return text === '' ? '' : element('RmtInf', text);
}
