"""The JWTs that prove an application or a service account, as the token endpoint got them, before an independent eye."""

import base64
import json
import os
import subprocess
import sys
import time

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from invoke import require
from oauth.accounts import USER, Accounts, main, without_openssl
from oauth.rig import HERE, MODULES, missing, node
from oauth.token_server import TokenServer, tokens

SERVICE_ACCOUNT = "robot@project.iam.gserviceaccount.example"


def openssl(*arguments, given=None):
    return subprocess.run(["openssl", *arguments], input=given, capture_output=True, check=True, timeout=60).stdout


class Assertions(Accounts):
    def setUp(self):
        super().setUp()
        self.folder = self.temporary()

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def make_certificate(self, name, bits=2048):
        openssl("req", "-x509", "-newkey", f"rsa:{bits}", "-nodes", "-days", "30", "-subj", f"/CN={name}",
                "-keyout", self.path(name + ".key"), "-out", self.path(name + ".pem"))
        return self.read(name + ".pem"), self.read(name + ".key")

    def make_key(self, name):
        openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", self.path(name))
        return self.read(name), openssl("pkey", "-in", self.path(name), "-pubout").decode()

    def verified(self, **asked):
        """What jose makes of it."""
        done = subprocess.run([node(), os.path.join(HERE, "verify_assertion.mjs")], input=json.dumps(asked).encode(),
                              capture_output=True, timeout=60, env={**os.environ, "NODE_MODULES": MODULES}, check=True)
        return json.loads(done.stdout)

    def requests(self, grant, times=1, **account_and_secrets):
        secrets = account_and_secrets.pop("secrets")
        with TokenServer(tokens("a-token", expires_in=0)) as server, self.inbox("a-token") as inbox:
            for _ in range(times):
                self.assert_accepted(self.send(self.account(inbox, server, grant, **account_and_secrets), **secrets))
            return server.url, [request.form for request in server.requests]

    def assert_lifetime(self, claims, seconds):
        now = time.time()
        self.assertEqual(seconds, claims["exp"] - claims["iat"], claims)
        self.assertLess(abs(now - claims["iat"]), 120, claims)
        self.assertLessEqual(claims.get("nbf", claims["iat"]), now + 1, claims)


class Certificates(Assertions):
    def client_assertions(self, secret, times=1, grant="client-credentials", **more):
        url, forms = self.requests(grant, times, provider="microsoft", client_secret=None,
                                   certificate={"$secret": "certificate"}, secrets={"certificate": secret, **more})
        for form in forms:
            self.assertEqual("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", form["client_assertion_type"])
            self.assertEqual("the-client", form["client_id"])
            self.assertNotIn("client_secret", form)
        return url, [form["client_assertion"] for form in forms]

    def test_are_proven_with_ps256_and_the_thumbprint_of_the_certificate(self):
        for bits in (2048, 4096):
            with self.subTest(bits):
                certificate, key = self.make_certificate(f"app{bits}", bits)
                url, (assertion,) = self.client_assertions(certificate + key)
                seen = self.verified(jwt=assertion, certificate=certificate, algorithm="PS256", issuer="the-client",
                                     subject="the-client", audience=url)
                self.assertNotIn("refused", seen)
                fingerprint = openssl("x509", "-in", self.path(f"app{bits}.pem"), "-noout", "-fingerprint", "-sha256")
                expected = bytes.fromhex(fingerprint.decode().strip().split("=")[1].replace(":", ""))
                self.assertEqual(("PS256", "JWT"), (seen["header"]["alg"], seen["header"]["typ"]))
                self.assertEqual(expected, base64.urlsafe_b64decode(seen["header"]["x5t#S256"] + "="))
                self.assert_lifetime(seen["claims"], 300)
                self.assertGreaterEqual(len(seen["claims"]["jti"]), 16)

    def test_order_and_chain_in_the_secret_do_not_matter(self):
        certificate, key = self.make_certificate("app")
        other, _ = self.make_certificate("issuer")
        for secret in (key + certificate, certificate + other + key):
            url, (assertion,) = self.client_assertions(secret)
            seen = self.verified(jwt=assertion, certificate=certificate, algorithm="PS256", issuer="the-client",
                                 subject="the-client", audience=url)
            self.assertNotIn("refused", seen)

    def test_never_use_a_jti_twice(self):
        certificate, key = self.make_certificate("app")
        url, assertions = self.client_assertions(certificate + key, times=3)
        seen = [self.verified(jwt=assertion, certificate=certificate, algorithm="PS256", issuer="the-client",
                              audience=url) for assertion in assertions]
        self.assertEqual(3, len({each["claims"]["jti"] for each in seen}))

    def test_prove_a_refresh_as_well(self):
        certificate, key = self.make_certificate("app")
        url, (assertion,) = self.client_assertions(certificate + key, grant="refresh-token", refresh_token="r")
        self.assertNotIn("refused", self.verified(jwt=assertion, certificate=certificate, algorithm="PS256",
                                                  issuer="the-client", subject="the-client", audience=url))

    def test_of_somebody_else_do_not_verify(self):
        certificate, key = self.make_certificate("app")
        other, _ = self.make_certificate("other")
        url, (assertion,) = self.client_assertions(certificate + key)
        asked = {"jwt": assertion, "certificate": certificate, "algorithm": "PS256", "issuer": "the-client", "audience": url}
        for changed in ({"certificate": other}, {"algorithm": "RS256"}, {"audience": "https://other.example/token"},
                        {"issuer": "another"}):
            self.assertIn("refused", self.verified(**{**asked, **changed}), changed)

    def test_without_a_usable_key_are_explained_and_nobody_is_asked(self):
        certificate, _ = self.make_certificate("app")
        _, other_key = self.make_certificate("other")
        for secret in (certificate, certificate + other_key, "bm8gUEVNIGF0IGFsbA"):
            with TokenServer(tokens("t")) as server, self.inbox() as inbox:
                settings = self.account(inbox, server, provider="microsoft", client_secret=None,
                                        certificate={"$secret": "certificate"})
                result = self.send(settings, certificate=secret)
                self.assert_failed(result, "token.client")
                self.assertEqual([], server.requests)
                for line in secret.splitlines():
                    if line and "-----" not in line:
                        self.assertNotIn(line, result.output + result.log + str(result.document))


class ServiceAccounts(Assertions):
    def assertion_of(self, secret):
        url, (form,) = self.requests("service-account", provider="google", service_client=SERVICE_ACCOUNT,
                                     private_key={"$secret": "key"}, secrets={"key": secret})
        self.assertEqual("urn:ietf:params:oauth:grant-type:jwt-bearer", form["grant_type"])
        self.assertEqual({"grant_type", "assertion"}, set(form))
        return url, form["assertion"]

    def test_sign_with_rs256_for_the_mailbox_from_a_pem_or_from_googles_file(self):
        private, public = self.make_key("service.key")
        file = json.dumps({"type": "service_account", "project_id": "project", "private_key_id": "0a1b",
                           "private_key": private, "client_email": SERVICE_ACCOUNT, "client_id": "1",
                           "token_uri": "https://oauth2.googleapis.com/token"}, indent=2)
        for form, secret in (("PEM", private), ("JSON", file), ("JSON behind a line", "\n" + file)):
            with self.subTest(form):
                url, assertion = self.assertion_of(secret)
                seen = self.verified(jwt=assertion, key=public, algorithm="RS256", issuer=SERVICE_ACCOUNT, subject=USER,
                                     audience=url)
                self.assertNotIn("refused", seen)
                self.assertEqual(("RS256", "JWT"), (seen["header"]["alg"], seen["header"]["typ"]))
                self.assertEqual("https://mail.google.com/", seen["claims"]["scope"])
                self.assert_lifetime(seen["claims"], 3600)

    def test_without_a_usable_key_are_explained_and_nobody_is_asked(self):
        for secret in ("no key", "{}", '{"private_key": "no PEM"}', '{"private_key": 1}', "{"):
            with TokenServer(tokens("t")) as server, self.inbox() as inbox:
                settings = self.account(inbox, server, "service-account", "google", service_client=SERVICE_ACCOUNT,
                                        private_key={"$secret": "key"})
                self.assert_failed(self.send(settings, key=secret), "token.client")
                self.assertEqual([], server.requests)


if __name__ == "__main__":
    require(without_openssl() or missing())
    main()
