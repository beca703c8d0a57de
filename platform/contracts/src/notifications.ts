import { type Static, Type } from 'typebox';
import { deadLetterRoutes } from './dead-letters.ts';
import { route } from './route.ts';
import { CalendarDate, MoneyShape, PageQuery, pageOf, STRICT, Timestamp, Uuid } from './shapes.ts';

export const NoticeKindShape = Type.Union([
  Type.Literal('welcome'),
  Type.Literal('money-received'),
  Type.Literal('standing-order-failed'),
  Type.Literal('account-frozen'),
  Type.Literal('account-unfrozen'),
  Type.Literal('account-closed'),
  Type.Literal('security-changed'),
]);

/** Unread notices are counted up to here; to a reader more is "many". */
export const UNREAD_COUNTED_MAX = 1_000;

const NoticeShape = Type.Object(
  {
    id: Uuid,
    kind: NoticeKindShape,
    parameters: Type.Object(
      {
        accountId: Type.Optional(Uuid),
        transferId: Type.Optional(Uuid),
        orderId: Type.Optional(Uuid),
        amount: Type.Optional(MoneyShape),
        reference: Type.Optional(Type.String()),
        payeeName: Type.Optional(Type.String()),
        dueDate: Type.Optional(CalendarDate),
        change: Type.Optional(
          Type.String({ description: 'What changed of what signs you in, or that somebody guesses at it.' }),
        ),
        device: Type.Optional(Type.String({ description: 'In which browser, in our words.' })),
        problemCode: Type.Optional(Type.String({ description: 'Why a standing order failed.' })),
      },
      { ...STRICT, description: "What the text of this kind is made with; the text itself is the client's." },
    ),
    createdAt: Timestamp,
    readAt: Type.Union([Timestamp, Type.Null()]),
  },
  STRICT,
);
export type NoticeAnswer = Static<typeof NoticeShape>;

const UnreadCount = Type.Integer({
  minimum: 0,
  maximum: UNREAD_COUNTED_MAX,
  description: `How many are unread, counted up to ${UNREAD_COUNTED_MAX}.`,
});

export const listNotifications = route({
  operationId: 'listNotifications',
  service: 'notifications',
  method: 'GET',
  path: '/v1/notifications',
  summary: 'What the bank has told you, the newest first',
  access: { kind: 'signed-in', permissions: ['notifications:read:own'] },
  query: Type.Object(PageQuery, STRICT),
  responses: { 200: Type.Object({ ...pageOf(NoticeShape).properties, unreadCount: UnreadCount }, STRICT) },
  problems: ['invalid-cursor'],
});

export const readNotification = route({
  operationId: 'readNotification',
  service: 'notifications',
  method: 'POST',
  path: '/v1/notifications/{id}/read',
  summary: 'Note that you have read a notice; the first time counts',
  access: { kind: 'signed-in', permissions: ['notifications:read:own'] },
  params: Type.Object({ id: Uuid }, STRICT),
  responses: { 200: NoticeShape },
  problems: ['notice-not-found'],
});

export const readAllNotifications = route({
  operationId: 'readAllNotifications',
  service: 'notifications',
  method: 'POST',
  path: '/v1/notifications/read-all',
  summary: 'Note that you have read everything there is by now',
  access: { kind: 'signed-in', permissions: ['notifications:read:own'] },
  responses: { 200: Type.Object({ read: Type.Integer({ minimum: 0, description: 'How many were unread.' }) }, STRICT) },
});

/** News that could not be made a notice. */
export const notificationsDeadLetters = deadLetterRoutes('notifications');

/** Every operation of the notifications service, in the order of the documentation. */
export const notificationsRoutes = [
  listNotifications,
  readNotification,
  readAllNotifications,
  ...Object.values(notificationsDeadLetters),
] as const;
