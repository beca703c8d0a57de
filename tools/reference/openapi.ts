import { publicApi } from '@florin/sdk/generate';

/** The public API as an OpenAPI 3.1 document, for reading and for tools. */
export function openApiText(): string {
  return `${JSON.stringify(publicApi(), null, 2)}\n`;
}
