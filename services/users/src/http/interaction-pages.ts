import { PASSWORD_LENGTH_MIN } from '../domain/password-policy.ts';
import { escapeHtml, type Page, page } from './page.ts';

interface FormPage {
  readonly uid: string;
  /** Where the redirects after this form may end, for the content security policy. */
  readonly targets: readonly string[];
  readonly problem?: string;
}

export function signInPage(form: FormPage & { readonly clientName: string; readonly login: string }): Page {
  return page(
    'Sign in',
    `<p>to continue to ${escapeHtml(form.clientName)}</p>
${problemBox(form.problem)}
<form method="post" action="/interaction/${form.uid}">
<label for="login">E-mail address or name</label>
<input id="login" name="login" autocomplete="username" required maxlength="254" value="${escapeHtml(form.login)}"${form.login === '' ? ' autofocus' : ''}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="512"${form.login === '' ? '' : ' autofocus'}>
<button type="submit">Sign in</button>
</form>
<p>New here? <a href="/interaction/${form.uid}/sign-up">Open an account</a></p>
${cancelForm(form.uid)}`,
    form.targets,
  );
}

export function signUpPage(form: FormPage & { readonly email?: string; readonly name?: string }): Page {
  return page(
    'Become a customer',
    `${problemBox(form.problem)}
<form method="post" action="/interaction/${form.uid}/sign-up">
<label for="name">Your name</label>
<input id="name" name="name" autocomplete="name" required maxlength="120" value="${escapeHtml(form.name ?? '')}">
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="email" required maxlength="254" value="${escapeHtml(form.email ?? '')}">
<label for="password">Password</label>
<p class="hint" id="password-hint">At least ${PASSWORD_LENGTH_MIN} characters; a few unrelated words work well.</p>
<input id="password" name="password" type="password" autocomplete="new-password" required minlength="${PASSWORD_LENGTH_MIN}" maxlength="512" aria-describedby="password-hint">
<button type="submit">Sign up</button>
</form>
<p>You have an account? <a href="/interaction/${form.uid}">Sign in</a></p>
${cancelForm(form.uid)}`,
    form.targets,
  );
}

/** For an interaction that is over or was begun in another browser. */
export function tooLatePage(): Page {
  return page(
    'Please begin again',
    '<p>This sign-in took too long, or was begun in another browser.</p><p><a href="/">Back to the start</a></p>',
  );
}

function problemBox(problem: string | undefined): string {
  return problem === undefined ? '' : `<p class="problem" role="alert">${escapeHtml(problem)}</p>`;
}

function cancelForm(uid: string): string {
  return `<form method="post" action="/interaction/${uid}/cancel"><button type="submit">Cancel</button></form>`;
}
