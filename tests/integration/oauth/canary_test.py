"""Secrets of a sign-in are looked for wherever they must not be: outputs, files, and what other users see of a process."""

import json
import os
import stat
import subprocess
import sys
import time
import urllib.parse
import urllib.request

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from invoke import require
from oauth.accounts import Accounts, main, without_openssl
from oauth.token_server import CLOSED, TokenServer, answer, tokens
from ports import free_port
from secrets_rig import forms

CLIENT = "C4nary-client-secret-91b7"
REFRESH = "C4nary-refresh-token-5d02"
ROTATED = "C4nary-rotated-token-e8f3"
ACCESS = "C4nary-access-token-77aa"
SECOND_ACCESS = "C4nary-second-access-token-0c4d"
CODE = "C4nary-authorization-code-4f61"
DEVICE = "C4nary-device-code-b32e"
FIXED = (CLIENT, REFRESH, ROTATED, ACCESS, SECOND_ACCESS, CODE, DEVICE)
# What is made up while it runs, by the member of the form that carries it.
MADE_UP = ("code_verifier", "client_assertion", "assertion")


class Canary(Accounts):
    def setUp(self):
        super().setUp()
        self.running = None
        self.keys = []

    def store(self, **secrets):
        """As a person does, with `wfc secret set`."""
        for name, value in secrets.items():
            subprocess.run([self.wfc.tool, "secret", "set", name], input=value.encode(), check=True, capture_output=True,
                           env={"PATH": "/usr/bin:/bin", **self.wfc.environment}, timeout=60)

    def watched(self, said):
        """An answer that first looks at the process that asks."""
        def look(_):
            for name in ("cmdline", "environ"):
                with open(f"/proc/{self.running.process.pid}/{name}", "rb") as file:
                    self.assert_silent(file.read(), name)
            return said(_) if callable(said) else said
        return look

    def assert_silent(self, seen, where, made_up=()):
        for secret in (*FIXED, *self.keys, *made_up):
            for form in forms(secret):
                self.assertNotIn(form, seen, f"{secret[:30]}… stands in {where}")

    def call(self, operation, settings, server, option, visit=None, **secrets):
        """One call, and a search of all it left. The document."""
        message = {"to": "bob@example.test", "text": "Hello"} if operation.startswith("send") else {}
        with self.wfc.started(operation, settings, message, secrets, options=(option,)) as self.running:
            if visit:
                visit()
            result = self.running.result()
            made_up = [request.form[name] for request in server.requests for name in MADE_UP if name in request.form]
            # A JWT's signature is the secret of it; so is all of it while it is good.
            made_up += [part for each in made_up for part in each.split(".")[1:]]
            self.assert_silent(result.output.encode(), "the result", made_up)
            self.assert_silent(result.log.encode(), "the log", made_up)
            for top in (self.home, self.running.directory):
                for folder, _, names in os.walk(top):
                    for name in names:
                        with open(os.path.join(folder, name), "rb") as file:
                            self.assert_silent(file.read(), name, made_up)
        return result

    def each_log(self):
        for option in ("--verbose", "--json"):
            with self.subTest(option):
                self.move()
                yield option

    def echo(self, request):
        """A server that repeats all that it was told."""
        said = urllib.parse.urlencode(request.form) + " " + " ".join(request.form.values())
        return answer({"error": "invalid_request", "error_description": said, "error_uri": "https://e.example/?" + said}, 400)

    def refresh_account(self, inbox, server):
        return self.account(inbox, server, "refresh-token", tokens={"$secret": "kept"})


class Refreshing(Canary):
    def test_leaves_no_secret_where_mail_goes_out(self):
        for option in self.each_log():
            self.store(client=CLIENT, refresh_token=REFRESH)
            with TokenServer(self.watched(tokens(ACCESS, refresh_token=ROTATED)), self.watched(tokens(SECOND_ACCESS))) \
                    as server, self.inbox(SECOND_ACCESS) as inbox:
                settings = self.refresh_account(inbox, server)
                result = self.call("send", settings, server, option)
                self.assert_accepted(result)
                self.assertEqual(2, len(result.document["attempts"]), "the first token was to be refused")
                self.assertEqual([REFRESH, ROTATED], [request.form["refresh_token"] for request in server.requests])
                for operation in ("account-status", "test-connection", "sign-out"):
                    self.assertEqual(0, self.call(operation, settings, server, option).code)
            self.assertTrue(os.path.exists(os.path.join(self.home, "state.sqlite")), os.listdir(self.home))

    def test_leaves_no_secret_where_they_come_from_the_environment(self):
        for option in self.each_log():
            with TokenServer(self.watched(tokens(ACCESS, refresh_token=ROTATED))) as server, self.inbox(ACCESS) as inbox:
                self.assert_accepted(self.call("send", self.refresh_account(inbox, server), server, option, client=CLIENT,
                                               refresh_token=REFRESH))
                self.assertEqual(1, len(server.requests))

    def test_leaves_no_secret_where_it_fails_and_the_servers_repeat_them(self):
        for option in self.each_log():
            self.store(client=CLIENT, refresh_token=REFRESH)
            echo = f"auth reply 535 5.7.8 No: {ACCESS}\n"
            with TokenServer(self.echo, CLOSED, tokens(ACCESS), self.echo) as server, self.inbox(script=echo) as inbox:
                settings = self.refresh_account(inbox, server)
                for identifier in ("rfc6749.invalid_request", "http.closed", None):
                    result = self.call("send", settings, server, option)
                    self.assertEqual(4, result.code, str(result))
                    if identifier:
                        self.assertEqual(identifier, result.document["error"]["id"], str(result))
                self.assertEqual(("auth", "token"), (result.document["error"]["stage"],
                                                     result.document["error"]["cause"]["stage"]), str(result))


class Signing(Canary):
    def key(self, *more):
        folder = self.temporary()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=canary",
                        "-keyout", folder + "/key", "-out", folder + "/pem"], check=True, capture_output=True, timeout=60)
        with open(folder + "/key", encoding="ascii") as key, open(folder + "/pem", encoding="ascii") as certificate:
            text = key.read()
            self.keys = text.splitlines()[3:6]
            return text, certificate.read()

    def test_leaves_nothing_of_a_private_key_or_an_assertion(self):
        key, certificate = self.key()
        for option in self.each_log():
            self.store(key=json.dumps({"private_key": key}), certificate=certificate + key)
            for said, ends in ((tokens(ACCESS), 0), (self.echo, 4)):
                with TokenServer(self.watched(said)) as server, self.inbox(ACCESS) as inbox:
                    service = self.account(inbox, server, "service-account", "google", private_key={"$secret": "key"},
                                           service_client="robot@project.example")
                    application = self.account(inbox, server, provider="microsoft", client_secret=None,
                                               certificate={"$secret": "certificate"})
                    for settings in (service, application):
                        self.assertEqual(ends, self.call("send", settings, server, option).code)
                    self.assertEqual(1, len(server.requests[0].form["assertion"].split()))
                    self.assertIn("client_assertion", server.requests[1].form)


class SigningIn(Canary):
    def test_leaves_no_secret_of_a_device_code(self):
        code = answer({"device_code": DEVICE, "user_code": "WDJB-MJHT", "expires_in": 600, "interval": 1,
                       "verification_uri": "http://127.0.0.1/device"})
        for option in self.each_log():
            self.store(client=CLIENT)
            for said, ends in ((tokens(ACCESS, refresh_token=REFRESH), 0), (self.echo, 4)):
                with TokenServer(code, self.watched(said)) as server, self.inbox() as inbox:
                    settings = self.account(inbox, server, "device-code")
                    self.assertEqual(ends, self.call("sign-in", settings, server, option).code)
                    self.assertEqual(DEVICE, server.requests[1].form["device_code"])

    def browser(self):
        """One that writes the address down; a function that waits for it and then comes back with a code."""
        folder = self.temporary()
        script, url = os.path.join(folder, "browser"), os.path.join(folder, "url")
        with open(script, "w", encoding="ascii") as file:
            file.write(f'#!/bin/sh\nprintf %s "$1" > {url}.part && mv {url}.part {url}\n')
        os.chmod(script, stat.S_IRWXU)
        self.wfc.environment["BROWSER"] = script

        def visit():
            for _ in range(1200):
                if os.path.exists(url):
                    break
                time.sleep(0.05)
            with open(url, encoding="ascii") as file:
                asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(file.read()).query))
            os.remove(url)
            back = asked["redirect_uri"] + "?" + urllib.parse.urlencode({"code": CODE, "state": asked["state"]})
            with urllib.request.urlopen(back, timeout=30) as page:
                self.assert_silent(page.read(), "the page")
        return visit

    def test_leaves_no_secret_of_an_authorization_code(self):
        visit = self.browser()
        for option in self.each_log():
            self.store(client=CLIENT)
            for said, ends in ((tokens(ACCESS, refresh_token=REFRESH), 0), (self.echo, 4)):
                with TokenServer(self.watched(said)) as server, self.inbox() as inbox:
                    settings = self.account(
                        inbox, server, "authorization-code", client_id="the-client", client_secret={"$secret": "client"},
                        redirect_uri=f"http://127.0.0.1:{free_port()}/callback", tokens={"$secret": "kept"},
                        endpoints={**server.endpoints(), "authorize": "http://127.0.0.1/authorize"})
                    self.assertEqual(ends, self.call("sign-in", settings, server, option, visit).code)
                    self.assertEqual(CODE, server.requests[0].form["code"])
                    self.assertIn("code_verifier", server.requests[0].form)


if __name__ == "__main__":
    require(without_openssl())
    main()
