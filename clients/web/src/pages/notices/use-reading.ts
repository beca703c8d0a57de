import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { readAllNotices, readNotice } from '../../api/notice-commands.ts';
import { useBank } from '../../session/use-bank.ts';

/** Marking notices as read. The bell and the list are asked for again, also when no answer came. */
export function useReading() {
  const { t } = useTranslation('notices');
  const bank = useBank();
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries({ queryKey: ['notices'] });
  const one = useMutation({ mutationFn: (id: string) => readNotice(bank, id), onSettled });
  const all = useMutation({ mutationFn: () => readAllNotices(bank), onSettled });
  return {
    busyId: one.isPending ? one.variables : undefined,
    isReadingAll: all.isPending,
    error: one.error ?? all.error,
    said: all.isSuccess ? t('markedAll', { count: all.data.read }) : one.isSuccess ? t('marked') : '',
    read(id: string): void {
      all.reset();
      one.mutate(id);
    },
    readAll(): void {
      one.reset();
      all.mutate();
    },
  };
}
