import type { SagaDetail } from '@florin/sdk';

export type TimelineEntry = SagaDetail['timeline'][number];

/** How an entry looks beside the others: done, wrong, something a person did, or a mere step on the way. */
export type Tone = 'good' | 'bad' | 'person' | 'idle';

interface EntryKind {
  /** The text, a key below `event`; undefined when this page has no words for it. */
  readonly text: EventText | undefined;
  readonly tone: Tone;
}

type EventText =
  | 'begun'
  | 'started'
  | 'heard'
  | 'sentDo'
  | 'sentUndo'
  | 'appliedDo'
  | 'appliedUndo'
  | 'rejected'
  | 'pending'
  | 'too_late'
  | 'cannot_compensate'
  | 'unanswered'
  | 'paused'
  | 'advanced'
  | 'advancedPast'
  | 'turned-back'
  | 'stepped-back'
  | 'left-undone'
  | 'attention'
  | 'stuck'
  | 'askedRetry'
  | 'askedResolve'
  | 'decidedNo'
  | 'retried'
  | 'resolved'
  | 'not-needed'
  | 'completed'
  | 'compensated';

const AS_THEY_ARE: Readonly<Record<string, Tone>> = {
  begun: 'idle',
  started: 'idle',
  heard: 'good',
  paused: 'idle',
  'turned-back': 'bad',
  'stepped-back': 'idle',
  'left-undone': 'bad',
  attention: 'bad',
  stuck: 'bad',
  retried: 'person',
  resolved: 'person',
  'not-needed': 'idle',
  completed: 'good',
  compensated: 'idle',
};

const ANSWERS: Readonly<Record<string, EntryKind>> = {
  rejected: { text: 'rejected', tone: 'bad' },
  pending: { text: 'pending', tone: 'idle' },
  too_late: { text: 'too_late', tone: 'bad' },
  cannot_compensate: { text: 'cannot_compensate', tone: 'bad' },
  unknown: { text: 'unanswered', tone: 'bad' },
};

const UNKNOWN: EntryKind = { text: undefined, tone: 'idle' };

/** What to call an entry of the timeline, and how it looks; both kinds of sagas tell theirs in words of their own. */
export function kindOf({ kind, op, outcome = '', step }: Omit<TimelineEntry, 'seq' | 'at'>): EntryKind {
  switch (kind) {
    case 'sent':
      return { text: op === 'undo' ? 'sentUndo' : 'sentDo', tone: 'idle' };
    case 'answered':
      if (outcome === 'applied') return { text: op === 'undo' ? 'appliedUndo' : 'appliedDo', tone: 'good' };
      return Object.hasOwn(ANSWERS, outcome) ? (ANSWERS[outcome] ?? UNKNOWN) : UNKNOWN;
    case 'advanced':
      return { text: step === undefined ? 'advancedPast' : 'advanced', tone: 'idle' };
    case 'asked':
      return { text: op === 'resolve' ? 'askedResolve' : 'askedRetry', tone: 'person' };
    case 'rejected':
      return { text: 'decidedNo', tone: 'person' };
    default: {
      const tone = Object.hasOwn(AS_THEY_ARE, kind) ? AS_THEY_ARE[kind] : undefined;
      return tone === undefined ? UNKNOWN : { text: kind as EventText, tone };
    }
  }
}

interface Said {
  /** What was said for people, each once. */
  readonly sentences: readonly string[];
  /** Codes, and events by their names and numbers: for who looks them up. */
  readonly forLookUp: string | undefined;
}

/** What an entry says besides its kind. */
export function saidOf({ kind, reason = '', detail = '' }: Pick<TimelineEntry, 'kind' | 'reason' | 'detail'>): Said {
  if (kind === 'heard') return { sentences: textsOf(reason), forLookUp: textsOf(detail)[0] };
  if (kind === 'answered') return { sentences: textsOf(detail), forLookUp: textsOf(reason)[0] };
  return { sentences: textsOf(reason, detail), forLookUp: undefined };
}

function textsOf(...texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => text !== '');
}
