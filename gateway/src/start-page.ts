import type { Reply } from '@florin/http';

/** What someone sees who opens the address in a browser before there is a web client. */
export const START_PAGE: Reply = {
  status: 200,
  contentType: 'text/html; charset=utf-8',
  headers: { 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" },
  text: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Florin</title></head>
<body>
<h1>Florin</h1>
<p>An open digital bank. This is its public door: everything is under <code>/v1</code>.</p>
<ul>
<li><a href="/openapi.json">The API, as an OpenAPI 3.1 document</a></li>
<li><a href="/.well-known/openid-configuration">The OpenID Connect issuer</a></li>
</ul>
</body>
</html>
`,
};
