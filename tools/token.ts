import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSettings } from '@florin/primitives';
import { SignInRefused, signIn } from './sign-in.ts';
import { TOKEN_SETTINGS } from './token-settings.ts';

/**
 * Prints an access token of a demo user: `npm run -s token -- alice`. A real sign-in (code with PKCE) against
 * FLORIN_URL with the password that seeding left in `.florin/demo-users.json` (FLORIN_HOME names another folder).
 * The token alone goes to standard output; what went wrong goes to standard error, in one sentence.
 */
async function main(): Promise<void> {
  const name = process.argv[2];
  const settings = readSettings(TOKEN_SETTINGS, process.env);
  const baseUrl = settings.FLORIN_URL;
  const home = settings.FLORIN_HOME ?? fileURLToPath(new URL('../.florin/', import.meta.url));
  const users = await readDemoUsers(join(home, 'demo-users.json'));
  const names = Object.keys(users).join(', ');
  if (name === undefined)
    throw new Complaint(`Say whose token: npm run -s token -- NAME, where NAME is one of ${names}.`);
  const user = Object.hasOwn(users, name) ? users[name] : undefined;
  if (user === undefined) throw new Complaint(`There is no demo user called ${name}; there are ${names}.`);
  const { accessToken } = await signIn({ baseUrl, fetch, login: user.login, password: user.password }).catch(
    (error: unknown) => {
      throw new Complaint(explain(error, name, baseUrl));
    },
  );
  process.stdout.write(`${accessToken}\n`);
}

/** Ends the command with one sentence and without a stack. */
class Complaint extends Error {}

async function readDemoUsers(file: string): Promise<Readonly<Record<string, { login: string; password: string }>>> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new Complaint('The file of demo users is damaged; npm start -- --reset makes a new one.');
    throw new Complaint('There are no demo users yet: run npm start first, without --empty.');
  }
}

function explain(error: unknown, name: string, baseUrl: string): string {
  if (!(error instanceof SignInRefused))
    return `The bank does not answer at ${baseUrl}: run npm start first, or set FLORIN_URL.`;
  if (error.code !== 'wrong-credentials') return `${name} could not sign in: ${error.message}`;
  return `${name} could not sign in at ${baseUrl}: the password in the file of demo users is not that bank's.`;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Complaint)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
