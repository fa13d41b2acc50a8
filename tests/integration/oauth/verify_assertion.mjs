// Verifies a JWT with the library jose: an eye that is not the component's. Standard input is a JSON object:
//   { "jwt": "…", "certificate": "PEM" | "key": "PEM of a public key", "algorithm": "PS256",
//     "issuer": "…", "subject": "…"?, "audience": "…" }
// Standard output is { "header": …, "claims": … }, or { "refused": "ERR_…" }. NODE_MODULES: where jose is.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const jose = await import(pathToFileURL(join(process.env.NODE_MODULES, 'jose/dist/webapi/index.js')));
const asked = JSON.parse(readFileSync(0, 'utf8'));
const key = asked.certificate
  ? await jose.importX509(asked.certificate, asked.algorithm)
  : await jose.importSPKI(asked.key, asked.algorithm);
try {
  const { protectedHeader, payload } = await jose.jwtVerify(asked.jwt, key, {
    algorithms: [asked.algorithm], issuer: asked.issuer, subject: asked.subject, audience: asked.audience,
    requiredClaims: ['iat', 'exp'],
  });
  console.log(JSON.stringify({ header: protectedHeader, claims: payload }));
} catch (error) {
  console.log(JSON.stringify({ refused: error.code ?? String(error) }));
}
