import { account } from './account.ts';
import { overview } from './overview.ts';
import { problems } from './problems.ts';
import { shell } from './shell.ts';
import { signIn } from './sign-in.ts';

/** Every text of the page in English, by area. */
export const en = { shell, signIn, overview, account, problems } as const;
