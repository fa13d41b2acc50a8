"""Accounts of Node-RED that sign in at the tests' authorization server, and a person who does it from the panel."""

from node_red import canvas
from oauth.person import SCOPES
from oauth.rig import WEB, Person

USER = "alice@example.test"


def oauth_account(mail_port, server, redirect, node_id="account", **fields):
    """An account on an inbox in clear that takes tokens (its options: MAIL_SERVER); `server`: AuthorizationServer."""
    endpoints = {f"auth_endpoints_{name}": url for name, url in server.endpoints().items()}
    return canvas.account(mail_port, node_id, **{
        "auth_method": "oauth2", "auth_provider": "custom", "auth_grant": "authorization-code", "auth_username": USER,
        "auth_allow_cleartext": True, "auth_client_id": WEB["client_id"], "auth_redirect_uri": redirect,
        "auth_scopes": "\n".join(SCOPES), "from": USER, **endpoints, **fields})


MAIL_SERVER = ["--auth-in-clear", "--offer", "AUTH=XOAUTH2,AUTH=OAUTHBEARER"]
CREDENTIALS = {"auth_client_secret": WEB["secret"]}


def sign_in(editor, account, redirect, user=USER):
    """Presses Sign in, consents in a browser on the same machine. The last line."""
    with editor.start("sign-in", account) as running:
        person = Person(user)
        person.visit(person.consent(running.until("prompt")["question"]["url"], redirect))
        return running.rest()[-1]
