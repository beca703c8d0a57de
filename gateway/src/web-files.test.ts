import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openBank } from './bank-fixture.ts';
import { makeBuild } from './web-build-fixture.ts';

const builds: ReturnType<typeof makeBuild>[] = [];
afterEach(() => {
  for (const build of builds.splice(0)) build.remove();
});

function made(files: Readonly<Record<string, string>>): string {
  const build = makeBuild(files);
  builds.push(build);
  return build.folder;
}

const opened = (folder: string) => openBank('in-process', { webClient: { folder } });

describe('a build that cannot be served stops the start with one sentence', () => {
  it('when there is none', async () => {
    await expect(opened('/nowhere')).rejects.toMatchObject({
      code: 'web-client-unusable',
      message: 'the build of the web client cannot be read at /nowhere',
    });
  });

  it('when it has no page', async () => {
    await expect(opened(made({ 'assets/a.js': '' }))).rejects.toThrow('has no index.html');
  });

  it('when it has too many files', async () => {
    const names = Array.from({ length: 2_000 }, (_, index) => [`assets/${index}.js`, ''] as const);
    const folder = made({ 'index.html': '', ...Object.fromEntries(names) });
    await expect(opened(folder)).rejects.toThrow('has more than 2000 files');
  });

  it('when it is too large, before it is read', async () => {
    const folder = made({ 'index.html': '' });
    writeFileSync(join(folder, 'large.js'), '');
    truncateSync(join(folder, 'large.js'), 20 * 1024 * 1024 + 1);
    await expect(opened(folder)).rejects.toThrow('is larger than 20 MB');
  });

  it.each(['a b.js', 'a:b.js', '*', 'a%2fb.js', 'ä.js'])('when a file is called %s', async (name) => {
    await expect(opened(made({ 'index.html': '', [name]: '' }))).rejects.toThrow(
      `holds /${name}, which cannot be an address`,
    );
  });
});

it('what has an ending nobody knows is bytes, and a folder of its own is served too', async () => {
  const bank = await opened(made({ 'index.html': '', 'docs/guide.xyz': 'x', 'docs/name.with@odd(parts)': 'y' }));
  const answer = await bank.send('GET', '/docs/guide.xyz');
  const odd = await bank.send('GET', '/docs/name.with@odd(parts)');
  await bank.close();
  expect(answer).toMatchObject({ status: 200, text: 'x' });
  expect(answer.headers['content-type']).toBe('application/octet-stream');
  expect(odd).toMatchObject({ status: 200, text: 'y' });
});
