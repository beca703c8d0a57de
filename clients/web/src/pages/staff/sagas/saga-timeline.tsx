import type { SagaDetail } from '@florin/sdk';
import { Button, Stack, Text } from '@mantine/core';
import { Check, CircleAlert, Dot, type LucideIcon, UserRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDay, formatInstant, formatTime } from '../../../format/dates.ts';
import { formatDuration } from '../../../format/durations.ts';
import { useLocale } from '../../../i18n/use-locale.ts';
import { Card } from '../../../parts/card.tsx';
import { kindOf, saidOf, type TimelineEntry, type Tone } from './entry-words.ts';
import { PersonMark } from './person-mark.tsx';
import { plainName, plainText } from './plain-text.ts';
import { useSagaWords } from './saga-words.ts';

/** As many entries are shown at first, the newest of them; the earlier ones when they are asked for. */
const SHOWN_MAX = 200;
/** A shorter pause between two entries is not worth a word. */
const PAUSE_MS_MIN = 1_000;

/** Everything that happened to a saga, in order. */
export function SagaTimeline({ saga: { timeline, steps } }: { readonly saga: SagaDetail }) {
  const { t } = useTranslation('sagas');
  const [isWhole, setWhole] = useState(false);
  const names = steps.map(({ name }) => name);
  const hidden = isWhole ? 0 : Math.max(0, timeline.length - SHOWN_MAX);
  return (
    <Card title={t('timeline')}>
      <Stack gap="md" align="stretch">
        {hidden > 0 && (
          <Button variant="default" className="own-width" onClick={() => setWhole(true)}>
            {t('showEarlier', { count: hidden })}
          </Button>
        )}
        <ol className="plain-list trail" start={hidden + 1}>
          {timeline.slice(hidden).map((entry, index) => (
            <EntryItem key={entry.seq} entry={entry} before={timeline[hidden + index - 1]} steps={names} />
          ))}
        </ol>
      </Stack>
    </Card>
  );
}

const MARKS: Readonly<Record<Tone, LucideIcon>> = { good: Check, bad: CircleAlert, person: UserRound, idle: Dot };

interface EntryProps {
  readonly entry: TimelineEntry;
  readonly before: TimelineEntry | undefined;
}

interface EntryItemProps extends EntryProps {
  /** The names of the steps of the saga. */
  readonly steps: readonly string[];
}

function EntryItem({ entry, before, steps }: EntryItemProps) {
  const { t } = useTranslation('sagas');
  const title = useTitle(entry);
  const { tone } = kindOf(entry);
  const Icon = MARKS[tone];
  return (
    <li className="trail-item">
      <span className="trail-mark" data-tone={tone} aria-hidden>
        <Icon size={16} />
      </span>
      <div className="trail-text">
        <div className="trail-head">
          <Text fw={600}>{title}</Text>
          <EntryTime entry={entry} before={before} />
        </div>
        {entry.attempt !== undefined && entry.attempt > 1 && (
          <Text size="sm">{t('attemptNumber', { count: entry.attempt })}</Text>
        )}
        <Said entry={entry} steps={steps} />
        {entry.actor !== undefined && (
          <Text size="sm" component="div" c="dimmed">
            <PersonMark id={entry.actor} isStaff={tone === 'person'} />
          </Text>
        )}
      </div>
    </li>
  );
}

/** Why it was so, and what else is on record. */
function Said({ entry, steps }: Omit<EntryItemProps, 'before'>) {
  const locale = useLocale();
  const words = useSagaWords();
  const { sentences, forLookUp } = saidOf(entry);
  return (
    <>
      {sentences.map((sentence) => (
        <Text key={sentence} size="sm">
          {words.said(sentence, steps)}
        </Text>
      ))}
      {forLookUp !== undefined && (
        <Text size="xs" c="dimmed">
          {plainText(forLookUp, locale)}
        </Text>
      )}
    </>
  );
}

function useTitle(entry: TimelineEntry): string {
  const { t } = useTranslation('sagas');
  const words = useSagaWords();
  const { text } = kindOf(entry);
  if (text === undefined) return plainName(entry.outcome ?? entry.kind);
  return t(`event.${text}`, { step: words.step(entry.step ?? '?') });
}

/** When it was, with its day where that is another one, and how long nothing had happened. */
function EntryTime({ entry: { at }, before }: EntryProps) {
  const { t } = useTranslation('sagas');
  const locale = useLocale();
  const day = formatDay(at, locale);
  const isNewDay = before === undefined || formatDay(before.at, locale) !== day;
  const pauseMs = before === undefined ? 0 : Date.parse(at) - Date.parse(before.at);
  return (
    <Text size="sm" c="dimmed" component="span" className="trail-time">
      <time dateTime={at}>{isNewDay ? formatInstant(at, locale) : formatTime(at, locale)}</time>
      {pauseMs >= PAUSE_MS_MIN && ` · ${t('later', { duration: formatDuration(pauseMs, locale) })}`}
    </Text>
  );
}
