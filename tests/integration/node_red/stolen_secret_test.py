"""Somebody who may press the panel's buttons, and no more, wants the secrets of a deployed account: actions on settings
that nobody deployed lead to a server of theirs. It is never sent one. Arguments: --build DIR."""

import json
import os
import sys

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from node_red.attacker import Attacker  # noqa: E402
from node_red.deployed_secrets import CLIENT, DeployedSecrets  # noqa: E402
from node_red.editor import STORED  # noqa: E402
from node_red.program import main  # noqa: E402
from node_red.rig import PACKAGE  # noqa: E402


def changes(attacker):
    """By field of the panel: values that lead elsewhere, or let somebody in between listen or pretend."""
    url = f"http://127.0.0.1:{attacker.http}/token"
    smtp = str(attacker.smtp)
    return {
        "server_kind": [{"server_kind": "preset", "server_provider": "gmail"}],
        "server_host": [{"server_host": "localhost", "server_port": smtp}, {"server_host": "localhost"}],
        "server_port": [{"server_port": smtp}, {"server_port": f" {smtp} "}, {"server_port": attacker.smtp}],
        "server_security": [{"server_security": each} for each in ("auto", "starttls", "implicit-tls", "")],
        "auth_method": [{"auth_method": "oauth2", "auth_provider": "custom", "auth_grant": "client-credentials",
                         "auth_endpoints_token": url}],
        "auth_username": [{"auth_username": "mallory@example.test", "server_port": smtp},
                          {"auth_username": "mallory@example.test"}],
        "auth_mechanism": [{"auth_mechanism": "LOGIN"}],
        "auth_allow_cleartext": [{"auth_allow_cleartext": False}],
        "auth_provider": [{"auth_provider": "microsoft", "auth_tenant": "attacker.example"}],
        "auth_grant": [{"auth_grant": each, "auth_endpoints_token": url} for each in ("refresh-token", "device-code")],
        "auth_sign_in_as": [{"auth_sign_in_as": "mallory@example.test"}],
        "auth_client_id": [{"auth_client_id": "of-the-attacker"}],
        "auth_redirect_uri": [{"auth_redirect_uri": f"http://127.0.0.1:{attacker.http}/callback"}],
        "auth_scopes": [{"auth_scopes": "everything"}],
        "auth_endpoints_authorize": [{"auth_endpoints_authorize": url}],
        "auth_endpoints_token": [{"auth_endpoints_token": url}],
        "auth_endpoints_revoke": [{"auth_endpoints_revoke": url}],
        "auth_endpoints_issuer": [{"auth_endpoints_issuer": url}],
        "tls_ca_file": [{"tls_ca_file": "/attackers/ca.pem"}],
        "tls_min_version": [{"tls_min_version": "1.3"}],
        "tls_pin_sha256": [{"tls_pin_sha256": "ab" * 32}],
        "network_name_servers": [{"network_name_servers": "127.0.0.1"}],
        "network_proxy": [{"network_proxy": f"http://127.0.0.1:{attacker.http}"}],
        "network_source_address": [{"network_source_address": "127.0.0.2"}],
    }


# Fields of choices that no deployed account of these tests made: they count once the choice is made, which is tried.
OF_OTHER_CHOICES = {"server_provider", "server_region", "server_account_host", "server_submission", "auth_tenant",
                    "auth_endpoints_device"}


def panel_fields():
    with open(os.path.join(PACKAGE, "panel.json"), encoding="utf-8") as file:
        return {field["name"]: field for field in json.load(file)["settings"]["fields"]}


def applies(field, values):
    """Whether the panel shows it for these values: what it hides has no effect."""
    return all(values.get(name) in allowed for name, allowed in field.get("shown", {}).items())


class Attack(DeployedSecrets):
    def setUp(self):
        super().setUp()
        self.attacker = self.enterContext(Attacker())

    def actions(self, account):
        return ("test-connection", "send-test", *(() if account == "with-password" else (
            "sign-in", "sign-out", "account-status")))

    def attacks(self, account):
        """(field, values) of all that applies to the account."""
        fields = panel_fields()
        return [(name, values) for name, tried in changes(self.attacker).items()
                if applies(fields[name], self.accounts[account]) for values in tried]

    def test_every_field_that_decides_where_a_secret_goes_is_tried(self):
        tried = {name for account in self.accounts for name, _ in self.attacks(account)}
        self.assertEqual({name for name, field in panel_fields().items() if field.get("binds")}, tried | OF_OTHER_CHOICES)

    def test_with_the_settings_that_are_deployed_the_stored_secret_is_used(self):
        for account in self.accounts:
            for values in ({}, {"from": "bob@example.test"}, {"server_port": f" {self.accounts[account]['server_port']} "},
                           {"language": "ja", "timeouts_connect": "9s"}):
                result = self.act("test-connection", account, values)
                self.assertEqual("succeeded", result.get("outcome"), (account, values, result))
        self.assertEqual({CLIENT}, {request.form["client_secret"] for request in self.issuer.requests
                                    if request.form.get("grant_type") == "client_credentials"})

    def test_with_others_it_is_asked_for_again_before_anything_is_sent(self):
        for account, field in (("with-password", "auth_password"), ("with-client", "auth_client_secret")):
            before = len(self.issuer.requests)
            for name, values in self.attacks(account):
                if name == "auth_method":  # its secret is none of the new choice's
                    continue
                for action in self.actions(account):
                    with self.subTest(account, action=action, values=values):
                        result = self.act(action, account, values)
                        self.assertEqual("error", result["type"], result)
                        self.assertEqual(("secret-needed", [field]), (result["error"]["id"], result["error"]["fields"]))
                        self.assertTrue(result["error"]["message"].endswith("."))
            self.assertEqual(before, len(self.issuer.requests))
        self.assertEqual(0, self.attacker.connections)

    def test_what_was_signed_in_is_not_found_with_other_settings(self):
        for name, values in self.attacks("with-tokens"):
            if name in ("server_kind", "auth_provider"):  # those would lead to servers of others
                values = {**values, "network_proxy": f"http://127.0.0.1:{self.attacker.http}"}
            with self.subTest(values=values):
                status = self.act("account-status", "with-tokens", values)
                self.assertFalse(status.get("document", {}).get("account", {}).get("signed_in", False), status)
                for action in ("test-connection", "send-test", "sign-out"):
                    self.assertNotEqual("accepted", self.act(action, "with-tokens", values).get("outcome"))
        self.assert_silent(self.attacker.heard(), "what the attacker heard")
        self.assertEqual("succeeded", self.act("test-connection", "with-tokens").get("outcome"), "it is signed out")

    def test_a_secret_of_one_kind_does_not_go_as_another(self):
        elsewhere = {"server_port": str(self.attacker.smtp)}
        for account, values, credentials in (
                ("with-password", {"auth_method": "oauth2", "auth_grant": "access-token", "auth_provider": "custom", **elsewhere},
                 {"auth_password": STORED, "auth_access_token": STORED}),
                ("with-password", {"auth_method": "none", **elsewhere}, {"auth_password": STORED}),
                ("with-client", {"auth_method": "password", **elsewhere}, {"auth_password": STORED, "auth_client_secret": STORED}),
                ("with-password", elsewhere, {"auth_password": "__PWRD__"}),
                ("with-password", elsewhere, {})):
            with self.subTest(values=values):
                self.act("test-connection", account, values, credentials)
                self.assert_silent(self.attacker.heard(), "what the attacker heard")

    def test_another_account_has_no_right_to_it(self):
        for id in ("with-passwor", "with-password2", "with-client", "new"):
            account = {**self.accounts["with-password"], "id": id}
            result = self.editor.result("test-connection", self.editor.account(account, {"auth_password": STORED}))
            self.assertEqual("secret-needed", result["error"]["id"])

    def test_what_is_typed_now_goes_where_it_was_typed_for(self):
        values = {"server_port": str(self.attacker.smtp), "auth_mechanism": "PLAIN"}
        result = self.act("test-connection", "with-password", values, {"auth_password": "typed-just-now"})
        self.assertEqual("succeeded", result.get("outcome"), result)
        self.assertIn(b"AUTH PLAIN", self.attacker.heard())

    def test_whoever_may_deploy_takes_a_password_along_and_no_tokens(self):
        """As Node-RED has it: credentials stay with a node when its other properties change."""
        moved = [{**account, "server_port": str(self.attacker.smtp)} for account in self.accounts.values()]
        self.addCleanup(self.red.deploy, [*self.accounts.values(), *self.rest])
        self.red.deploy([*moved, *self.rest])
        before = len(self.red.messages())
        self.red.emit("source-with-tokens", {"to": "bob@example.test", "payload": "t"})
        self.red.until_messages(count=before + 1)
        message = self.red.messages()[-1]
        self.assertEqual("token", message["mail"]["error"]["stage"], message)
        self.assert_silent(self.attacker.heard(), "what the attacker heard")
        self.red.emit("source-with-password", {"to": "bob@example.test", "payload": "t"})
        self.red.until_messages("accepted")
        self.assertIn(b"AUTH PLAIN", self.attacker.heard())


if __name__ == "__main__":
    main()
