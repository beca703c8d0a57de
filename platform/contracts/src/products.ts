import { Type } from 'typebox';
import { route } from './route.ts';
import { MoneyShape, pageOf, STRICT } from './shapes.ts';

const ProductShape = Type.Object(
  {
    code: Type.String(),
    name: Type.String(),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    overdraft: MoneyShape,
    dailyLimit: MoneyShape,
    transferFee: MoneyShape,
  },
  STRICT,
);

export const listProducts = route({
  operationId: 'listProducts',
  service: 'accounts',
  method: 'GET',
  path: '/v1/products',
  summary: 'The kinds of account there are',
  access: { kind: 'signed-in', permissions: ['products:read:any'] },
  responses: { 200: pageOf(ProductShape) },
});

/** What accounts one can open. */
export const productRoutes = [listProducts] as const;
