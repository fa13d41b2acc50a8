// An authorization server for tests: oidc-provider with login and consent pages, PKCE required, refresh tokens that
// rotate (a used one ends the whole grant), device flow, introspection and revocation.
//
//   node authorization_server.mjs '{"redirect": "http://127.0.0.1:1234/callback", "accessSeconds": 60}'
//
// Listens on a free port of 127.0.0.1 and prints {"issuer": …} as its first line. GET /test/requests lists what the
// token endpoint answered; POST /test/delay?ms=N lets its answers to refreshes wait; POST /test/end ends all access tokens; POST /introspect is what Dovecot
// asks: it takes a token that is padded with "~" for the one without, so that tokens of any length can be tried.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

const options = JSON.parse(process.argv[2] ?? '{}');
console.warn = console.error = () => {}; // oidc-provider warns about what a test wants

// The modules lie where npm put them, not beside this file.
const modules = new URL(`file://${process.env.NODE_MODULES}/`);
const { default: Provider } = await import(new URL('oidc-provider/lib/index.js', modules));

const server = createServer();
server.listen(options.port ?? 0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${server.address().port}`;

const redirects = options.redirect ? [options.redirect, options.redirect.replace('127.0.0.1', 'localhost')] : [];
const clients = [
  {
    client_id: 'web', client_secret: 'web-client-s3cret', token_endpoint_auth_method: 'client_secret_post',
    redirect_uris: redirects.length ? redirects : ['http://127.0.0.1:1/callback'], application_type: 'web',
    grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'],
  },
  {
    client_id: 'native', token_endpoint_auth_method: 'none', application_type: 'native',
    redirect_uris: ['http://127.0.0.1/callback'], response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
  },
  {
    client_id: 'daemon', client_secret: 'daemon-s3cret', token_endpoint_auth_method: 'client_secret_post',
    grant_types: ['client_credentials'], response_types: [], redirect_uris: [], scope: 'smtp',
  },
  { client_id: 'resource-server', client_secret: 'resource-s3cret', grant_types: [], response_types: [], redirect_uris: [] },
];
if (options.certificateKey) {
  clients.push({
    client_id: 'certified', token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'PS256',
    jwks: { keys: [options.certificateKey] }, grant_types: ['client_credentials'], response_types: [], redirect_uris: [],
    scope: 'smtp',
  });
}

const provider = new Provider(issuer, {
  clients,
  scopes: ['openid', 'offline_access', 'smtp', 'read'],
  claims: { openid: ['sub'], email: ['email'] },
  findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id, email: id }) }),
  features: {
    devInteractions: { enabled: true },
    deviceFlow: { enabled: true },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: async () => true },
    revocation: { enabled: true, allowedPolicy: async () => true },
  },
  conformIdTokenClaims: false,
  rotateRefreshToken: true,
  pkce: { required: () => true },
  cookies: { keys: ['test'] },
  ttl: {
    AccessToken: options.accessSeconds ?? 3600, ClientCredentials: options.accessSeconds ?? 3600,
    RefreshToken: 86400, Grant: 86400, Session: 3600, Interaction: 600, IdToken: 3600, AuthorizationCode: 60,
    DeviceCode: 600,
  },
});

const issued = [];
provider.on('access_token.saved', (token) => issued.push(token));

const answered = [];
let delay = options.delayMs ?? 0;

provider.use(async (context, next) => {
  await next();
  if (context.path !== '/token') return;
  const { params } = context.oidc ?? {};
  const grant = params?.grant_type ?? '?';
  answered.push({ at: Date.now(), grant, status: context.status, error: context.body?.error, description: context.body?.error_description });
  if (grant === 'refresh_token' && delay > 0) await pause(delay);
});

const basic = 'Basic ' + Buffer.from('resource-server:resource-s3cret').toString('base64');

// RFC 7662 for Dovecot, which wants a user name in the answer and the scope that mail needs.
async function introspect(token) {
  const answer = await fetch(`${issuer}/token/introspection`, {
    method: 'POST', headers: { authorization: basic, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token }),
  });
  const claims = await answer.json();
  return claims.active ? { ...claims, username: claims.sub ?? claims.client_id } : { active: false };
}

async function readBody(request) {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

const oidc = provider.callback();
server.on('request', async (request, response) => {
  const url = new URL(request.url, issuer);
  const json = (value) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  if (url.pathname === '/introspect') {
    const form = new URLSearchParams(await readBody(request));
    const token = (form.get('token') ?? url.searchParams.get('token') ?? '').replace(/~+$/, '');
    json(await introspect(token));
  } else if (url.pathname === '/test/requests') {
    json(answered);
  } else if (url.pathname === '/test/end') {
    await Promise.all(issued.splice(0).map((token) => token.destroy()));
    json({});
  } else if (url.pathname === '/test/delay') {
    delay = Number(url.searchParams.get('ms'));
    json({});
  } else {
    oidc(request, response);
  }
});

console.log(JSON.stringify({ issuer }));
process.on('SIGTERM', () => process.exit(0));
