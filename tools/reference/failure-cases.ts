import { fileURLToPath } from 'node:url';
import { visit } from '../tidy/parse.ts';
import { isSource, isTest, readTree } from '../tidy/tree.ts';
import { code, GENERATED, page, table } from './markdown.ts';

/**
 * What can go wrong with work that crosses services, by the name that its tests begin with, and what must come of it. Where
 * nothing can go wrong yet, `absent` says why, instead of a test.
 */
const CASES: readonly { readonly title: string; readonly cases: Readonly<Record<string, string | Absent>> }[] = [
  {
    title: 'A participant of a saga',
    cases: {
      P1: 'The same command comes more than once, also at once: it is done once, and every answer is the same.',
      P2: 'An undoing comes for what never came: nothing is done, and the answer is yes.',
      P3: 'A command comes after its undoing: it is too late, and nothing is done.',
      P4: 'An undoing comes while the command is still at work: it waits, within a bound, and then undoes it.',
      P5: 'The process dies after its commit and before its answer: asked again, it answers from its record.',
      P6: 'What was refused is refused for good, also when the reason is gone.',
      P7: 'The same name comes with other content: it is refused, and somebody is told.',
      P8: 'What has begun and is not over is pending: it is asked about, and not begun again.',
      P9: { absent: 'A provider that finds a charge later than it said: there is no payment provider yet.' },
      P10: 'What can not be undone is left to people; what does not depend on it is undone all the same.',
      P11: 'A command comes when its record may have been forgotten: it is refused by the age in its id, not by luck.',
    },
  },
  {
    title: 'An orchestrator',
    cases: {
      O1: 'It dies at any point: another goes on, and nothing happens twice.',
      O2: 'Two take the same saga, since one of them stood still past its lease: the stale one can not write.',
      O3: 'An answer is stale, forged, repeated or too late: it changes nothing.',
      O4: 'An answer comes before the commit of its question is seen: it is not ahead of its saga.',
      O5: 'An answer can not be understood, or none comes: nobody knows, and it is asked again.',
      O6: 'A participant refuses every command at the door: it is asked ever more rarely, and people are told.',
      O7: 'Attempts are used up before the point of no return: it turns back, and undoes also what nobody knows of.',
      O8: 'Attempts are used up after it: it never turns back, people are told, and it goes on trying.',
      O9: 'A saga can not be decided: it is set aside, and the others go on.',
      O10: 'Ten thousand are due at once: the oldest first, so many at a time, and no participant keeps others waiting.',
      O11: 'A start is repeated: it is the same saga.',
      O12: 'The process that works on it closes, or the client goes away: it goes on.',
    },
  },
  {
    title: 'Time and calling off',
    cases: {
      T1: 'Its time is over: before the point of no return it turns back, after it only people are told.',
      T2: 'A step succeeds after it was called off: it is undone, or was too late.',
      T3: 'It is called off at the moment of no return: one of the two wins.',
      T4: 'What was set aside lapses meanwhile: the step is refused, and it turns back.',
      T5: 'The clock of a machine jumps: nothing comes of it, the times are those of the database.',
      T6: 'A participant is away for hours: it is not stormed, and all ends when it is back.',
    },
  },
  {
    title: 'Undoing, and versions',
    cases: {
      C1: 'What was done is undone in reverse.',
      C2: { absent: 'Branches side by side: the steps of a saga come one after another.' },
      C3: 'An undoing fails and fails: it is tried on, what was set aside stays so, and people are asked.',
      C4: 'The process dies on the way back: another goes on where it was.',
      C5: 'A step that changed nothing is passed over, and the log says so.',
      V1: 'A saga is run by the version of its definition that it began with; that version can not be left out.',
      V2: 'On the way back to an older release, sagas of the newer one are left alone, and somebody is told.',
    },
  },
  {
    title: 'A choreography',
    cases: {
      E1: 'A process dies between its commit and its event: the event is in the same commit, and comes.',
      E2: 'An event comes more than once: it counts once.',
      E3: 'Events come in another order: the end is the same.',
      E4: 'An event can not be taken: it is set aside with those of its key behind it, and stops no other.',
      E5: 'What was set aside is tried again: in order, and once.',
      E6: 'Somebody never answers: the deadline is the tracker’s, it says who, and what comes late still counts.',
      E7: 'An event of an unknown kind or version is set aside, and not dropped.',
      E8: 'The chain can be followed: each event says what it follows from.',
    },
  },
  {
    title: 'Outbox and inbox',
    cases: {
      M1: 'The relay dies between publishing and noting it: it publishes again, and that is taken once.',
      M2: 'Two relays: one leads, the other takes over, and the stale one can not write.',
      M3: 'A transaction with a lower number commits later: it is found all the same.',
      M4: 'The broker is away: business goes on, and all comes in order afterwards.',
      M5: 'An event is delivered again while it is at work: one of the two does it.',
      M6: 'The transaction of a consumer fails: the event was not seen, and comes again.',
      M7: 'What is remembered of events is forgotten in time, a bounded number at once.',
      M8: { absent: 'A replication slot that nobody reads: events are read from a table, and there is no slot.' },
    },
  },
  {
    title: 'Two-phase commit',
    cases: {
      X1: 'A participant dies before it votes: all abort.',
      X2: 'It dies after it promised: promise and locks are there when it is back, and it is resolved.',
      X3: 'The coordinator dies before it decided: all abort.',
      X4: 'It dies after it decided: everywhere the decision is carried out.',
      X5: 'A participant asks while nothing is decided: one row decides, whoever is first.',
      X6: 'A promise comes after the abort: it is refused.',
      X7: 'A branch was finished by hand, or twice: the marker says how, and against the decision people must look.',
      X8: 'A vote does not come in time: all abort.',
      X9: 'In doubt, readers see what was before, and writers of the same row are told that it is busy.',
      X10: 'A branch that no coordinator answers for is shown, and left alone however old it is.',
      X11: 'There is no free slot: it votes no, and nothing is left.',
      X12: 'The server, the database or the role will not do: it says so before it begins.',
      X13: 'Two wait for each other across databases: not for ever.',
    },
  },
];

/** A case that can not happen here yet, and why. */
interface Absent {
  readonly absent: string;
}

/** `P1: …`, `E2 and E3: …`, `P2, P3: …` at the beginning of a test's name. */
const NAMED = /^([A-Z][1-9]\d?(?:(?:, | and )[A-Z][1-9]\d?)*): /;

/** The page about what can go wrong and where that is tested. Throws when a case has no test. */
export function failureCasesPage(): string {
  const tests = testsByCase(fileURLToPath(new URL('../..', import.meta.url)));
  return page(
    '# What can go wrong',
    GENERATED,
    'Work that crosses services can fail at every seam. These are the ways we know, each with what must come of it and where ' +
      'that is tested; the names of the tests begin with that of the case. The same is tried at random in the ' +
      '[simulation](simulation.md).',
    ...CASES.flatMap(({ title, cases }) => [
      `## ${title}`,
      table(
        ['case', 'what must come of it', 'tested in'],
        Object.entries(cases).map(([name, what]) => rowOf(name, what, tests.get(name) ?? new Set())),
      ),
    ]),
  );
}

/** By case, the paths of the files that have tests named after it. */
function testsByCase(root: string): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const file of readTree(root).filter(({ path }) => isSource(path) && isTest(path))) {
    const note = (text: unknown) => {
      const names = typeof text === 'string' ? NAMED.exec(text)?.[1]?.split(/, | and /) : undefined;
      for (const name of names ?? []) found.set(name, (found.get(name) ?? new Set()).add(file.path));
    };
    visit(file, {
      Literal: ({ value }) => note(value),
      TemplateElement: ({ value }) => note(value.cooked),
    });
  }
  return found;
}

function rowOf(name: string, what: string | Absent, files: ReadonlySet<string>): string[] {
  if (typeof what !== 'string') return [name, what.absent, 'none'];
  if (files.size === 0) throw new Error(`no test is named after case ${name}`);
  return [name, what, [...files].sort().map(linkTo).join(', ')];
}

function linkTo(path: string): string {
  return `[${code(path.split('/').at(-1) ?? path)}](../../${path})`;
}
