"""From an empty canvas to mail, with the mouse: Chromium, the real editor, a real authorization server, Postfix and Dovecot.

The pictures stay in the build folder, in browser/node-red/.
"""

import email
import email.policy
import json
import os
import pathlib
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "integration"))
from invoke import require  # noqa: E402
from node_red import rig as node_red_rig  # noqa: E402
from oauth import rig as oauth_rig  # noqa: E402
from oauth.rig import WEB  # noqa: E402
from oauth.served import Served, main  # noqa: E402

USER = "alice@example.test"
WORDS = {"en": {"done": "Done", "signed_in": "Signed in", "sent": "sent", "accepted": "Accepted"},
         "ja": {"done": "完了", "signed_in": "サインインしました", "sent": "送信", "accepted": "受理"}}


class OnTheCanvas(Served):
    def play(self, locale, red):
        shots = os.path.join(self.build, "browser", "node-red")
        os.makedirs(shots, exist_ok=True)
        endpoints = self.server.endpoints()
        job = {"url": red.url, "locale": locale, "shots": shots, "login": USER, "to": USER, "subject": f"日報 {locale}",
               "sent": WORDS[locale[:2]]["sent"],
               "mail": {"host": "localhost", "port": self.mail.ports["starttls"], "ca": self.mail.ca_file},
               "auth": {"username": USER, "client_id": WEB["client_id"], "client_secret": WEB["secret"],
                        "redirect_uri": self.redirect, "scopes": "openid\noffline_access\nsmtp",
                        "endpoints_authorize": endpoints["authorize"], "endpoints_token": endpoints["token"],
                        "endpoints_issuer": endpoints["issuer"]}}
        done = subprocess.run([oauth_rig.node(), os.path.join(HERE, "canvas.mjs"), json.dumps(job)], capture_output=True,
                              text=True, timeout=280, env={**os.environ, "NODE_MODULES": oauth_rig.MODULES})
        self.assertEqual(done.returncode, 0, done.stderr)
        seen = json.loads(done.stdout)
        self.assertNotIn("trouble", seen, f"{red.log()[-3000:]}\n{seen.get('trouble')}")
        return seen

    def story(self, locale):
        words = WORDS[locale[:2]]
        folder = os.path.dirname(self.mail.ca_file)
        before = len(self.mail.messages("alice", 0))
        with node_red_rig.NodeRed(self.build, settings={"mailSend": {"roots": [folder]}}) as red:
            seen = self.play(locale, red)
            kept = b"".join(file.read_bytes() for file in pathlib.Path(red.user_dir).rglob("*") if file.is_file())
        self.assertEqual(seen["console"], [])
        self.assertEqual(seen["raw"], [], "a key of the catalogue instead of a word")
        self.assertEqual(seen["cut"], [], "something sticks out of a dialog")
        self.assertEqual(seen["language"], locale[:2], "a new account speaks the editor's language")
        self.assertIn("smtp.gmail.com", seen["preset"]["host"])
        self.assertEqual(seen["preset"]["provider"], "google")
        self.assertEqual(seen["hidden"]["password"], False)
        self.assertIn(words["signed_in"], seen["callback"])
        self.assertIn(words["done"], seen["signIn"]["headline"])
        self.assertIn(USER, " ".join(seen["signIn"]["account"].values()))
        self.assertIn("smtp", " ".join(seen["signIn"]["account"].values()))
        self.assertIn(words["done"], seen["test"]["headline"], seen["test"])
        self.assertGreaterEqual(len(seen["test"]["rows"]), 6)
        for verdict, stage, time, _ in seen["test"]["rows"]:
            self.assertTrue(verdict and stage and time, seen["test"]["rows"])
        self.assertIn(words["done"], seen["sendTest"]["headline"], seen["sendTest"])
        self.assertEqual(seen["preview"]["frame"], {"sandbox": "", "text": "It works."})
        self.assertIn(f"日報 {locale}", seen["preview"]["text"])
        arrived = self.mail.messages("alice", before + 2)
        subjects = [email.message_from_bytes(each, policy=email.policy.default)["Subject"] for each in arrived]
        self.assertIn(f"日報 {locale}", subjects, "the mail that the flow sent")
        self.assertNotIn(WEB["secret"].encode(), kept, "a secret stands in clear below the user directory")

    def test_a_person_drags_fills_signs_in_tests_previews_deploys_and_mail_goes_out_in_english(self):
        self.story("en-US")

    def test_a_person_drags_fills_signs_in_tests_previews_deploys_and_mail_goes_out_in_japanese(self):
        self.story("ja-JP")


if __name__ == "__main__":
    require(None if shutil.which("chromium") else "the package chromium is not installed")
    node_red_rig.require(node_red_rig.missing())
    main()
