import { type Database, type Executor, sql } from '@florin/postgres';

/** What every transfer of these tests moves. */
const AMOUNT = 100n;

interface Move {
  readonly held: bigint;
  readonly customer: bigint;
  readonly clearing: bigint;
}

function move(held: bigint, customer: bigint, clearing: bigint): Move {
  return { held: held * AMOUNT, customer: customer * AMOUNT, clearing: clearing * AMOUNT };
}

/** Everything that is done to the books of one side, in amounts of a transfer. */
export const MOVES = {
  'set-aside': move(1n, 0n, 0n),
  void: move(-1n, 0n, 0n),
  'post-debit': move(-1n, -1n, 1n),
  screen: move(0n, 0n, 0n),
  unscreen: move(0n, 0n, 0n),
  receive: move(0n, 1n, -1n),
  debit: move(0n, -1n, 1n),
  refund: move(0n, 1n, -1n),
} as const satisfies Record<string, Move>;

export type What = keyof typeof MOVES;

/** Does it, in the transaction of the caller. It does not look whether it was done before: that is for others to know. */
export async function book(tx: Executor, transfer: string, what: What): Promise<void> {
  const { held, customer, clearing } = MOVES[what];
  await tx.execute(sql`insert into line (transfer, what) values (${transfer}, ${what})`);
  await tx.execute(sql`
    update account set held = held + ${held}, posted = posted + ${customer} where name = 'customer'`);
  await tx.execute(sql`update account set posted = posted + ${clearing} where name = 'clearing'`);
}

/** What was done for a transfer in these books, in order. */
export async function linesOf(db: Database, transfer: string): Promise<readonly string[]> {
  const rows = await db.query<{ what: string }>(sql`
    select what from line where transfer = ${transfer} order by id`);
  return rows.map(({ what }) => what);
}

/** What is wrong with the books of both sides at rest, whatever was done before. */
export async function complaintsAbout(payer: Database, payee: Database): Promise<string[]> {
  const [here, there] = await Promise.all([accountsOf(payer), accountsOf(payee)]);
  const complaints = [here, there].flatMap((accounts, side) => {
    const sum = [...accounts.values()].reduce((total, { posted }) => total + posted, 0n);
    const held = accounts.get('customer')?.held ?? 0n;
    return [
      ...(sum === 0n ? [] : [`the books of side ${side} add up to ${sum}`]),
      ...(held === 0n ? [] : [`${held} is set aside at side ${side}`]),
    ];
  });
  const clearing = (here.get('clearing')?.posted ?? 0n) + (there.get('clearing')?.posted ?? 0n);
  return clearing === 0n ? complaints : [...complaints, `clearing has ${clearing}`];
}

async function accountsOf(db: Database): Promise<ReadonlyMap<string, { posted: bigint; held: bigint }>> {
  const rows = await db.query<{ name: string; posted: bigint; held: bigint }>(sql`
    select name, posted, held from account`);
  return new Map(rows.map((row) => [row.name, row]));
}
