"""Every key of the OAuth2 form of Logto's SMTP connector has its equal here, and that one does what it says."""

import email
import json
import os
import subprocess
import sys
import time

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from invoke import require
from oauth.accounts import Accounts, main, without_openssl
from oauth.token_server import TokenServer, tokens

EQUALS = {
    "user": "username",
    "clientId": "client_id",
    "clientSecret": "client_secret",
    "refreshToken": "refresh_token",
    "accessToken": "access_token",
    "expires": "expires_at",
    "accessUrl": "endpoints.token",
    "serviceClient": "service_client",
    "privateKey": "private_key",
}


def rsa_key():
    return subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
                          capture_output=True, check=True, timeout=60).stdout.decode()


class LogtoKeys(Accounts):
    """One test a key. `sent` is the way all of them go: a mail that arrives, and what was seen on the way."""

    def migrated(self, server, **form):
        """The settings that stand for a filled-in form, with their secrets."""
        auth, secrets = {"method": "oauth2", "provider": "custom", "allow_cleartext": True}, {}
        for key, value in form.items():
            member = EQUALS[key]
            if member in ("client_secret", "refresh_token", "access_token", "private_key"):
                secrets[member] = value
                value = {"$secret": member}
            if member == "endpoints.token":
                member, value = "endpoints", {"token": value}
            auth[member] = value
        auth["grant"] = ("service-account" if "serviceClient" in form else
                         "refresh-token" if "refreshToken" in form else "access-token")
        return auth, secrets

    def sent(self, taken, *answers, user="mailbox@example.test", **form):
        """Sends to a server that takes the token `taken` of `user` alone. The token server's requests."""
        with TokenServer(*(answers or [tokens("never-asked-for")])) as server, self.inbox(taken, user=user) as inbox:
            if form.get("accessUrl") is True:
                form["accessUrl"] = server.url
            auth, secrets = self.migrated(server, user=user, **form)
            result = self.wfc.invoke("send", inbox.settings(auth=auth), {"to": "bob@example.test", "text": "Hello"}, secrets)
            self.assert_accepted(result)
            (message,) = inbox.messages()
            self.assertEqual("bob@example.test", email.message_from_bytes(message)["To"])
            (sidecar,) = [name for name in os.listdir(inbox.store) if name.endswith(".json")]
            with open(os.path.join(inbox.store, sidecar), encoding="utf-8") as file:
                self.assertEqual(user, json.load(file)["auth"]["user"])
            return server.requests

    def form(self, **more):
        return {"clientId": "the-client", "clientSecret": "the-secret", "refreshToken": "the-refresh-token",
                "accessUrl": True, **more}

    def test_user_is_the_name_that_authenticates(self):
        self.sent("given", user="someone.else@example.test", accessToken="given")

    def test_client_id_is_sent_to_the_token_endpoint(self):
        (request,) = self.sent("fresh", tokens("fresh"), **self.form(clientId="id-of-logto"))
        self.assertEqual("id-of-logto", request.form["client_id"])

    def test_client_secret_is_sent_with_it(self):
        (request,) = self.sent("fresh", tokens("fresh"), **self.form(clientSecret="s3cret & more"))
        self.assertEqual("s3cret & more", request.form["client_secret"])

    def test_refresh_token_is_traded_for_an_access_token(self):
        (request,) = self.sent("fresh", tokens("fresh"), **self.form(refreshToken="1//refresh"))
        self.assertEqual(("refresh_token", "1//refresh"), (request.form["grant_type"], request.form["refresh_token"]))

    def test_access_token_is_used_as_it_is(self):
        self.assertEqual([], self.sent("given", accessToken="given"))
        self.assertEqual([], self.sent("given", **self.form(accessToken="given")))

    def test_expires_says_until_when(self):
        day = 24 * 3600
        for seconds, asked in ((day, 0), (-day, 1)):
            with self.subTest(seconds):
                self.move()
                when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))
                requests = self.sent("fresh" if asked else "given", tokens("fresh"),
                                     **self.form(accessToken="given", expires=when))
                self.assertEqual(asked, len(requests))

    def test_access_url_is_the_token_endpoint(self):
        requests = self.sent("fresh", tokens("fresh"), **self.form())
        self.assertEqual(["/token"], [request.path for request in requests])

    def test_service_client_and_private_key_sign_for_the_mailbox(self):
        (request,) = self.sent("fresh", tokens("fresh"), serviceClient="robot@project.example", privateKey=rsa_key(),
                               accessUrl=True)
        self.assertEqual("urn:ietf:params:oauth:grant-type:jwt-bearer", request.form["grant_type"])
        claims = request.claims("assertion")
        self.assertEqual(("robot@project.example", "mailbox@example.test"), (claims["iss"], claims["sub"]))

    def test_every_key_of_the_form_is_in_the_settings(self):
        with open(os.path.join(os.path.dirname(__file__), *[".."] * 3, "manifests", "settings.schema.json"),
                  encoding="utf-8") as file:
            schema = file.read()
        for member in EQUALS.values():
            for part in member.split("."):
                self.assertIn(f'"{part}"', schema)


if __name__ == "__main__":
    require(without_openssl())
    main()
