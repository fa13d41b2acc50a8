"""`wfc account sign-in` in a real browser: Chromium, the pages of a real authorization server, and our own page at the end.

The screenshots stay in the build folder, in browser/.
"""

import json
import os
import shutil
import sys
import time

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "integration"))
from invoke import Result, require  # noqa: E402
from oauth import rig as oauth_rig  # noqa: E402
from oauth.served import Served, main  # noqa: E402


class InChromium(Served):
    def sign_in(self, account, language, shot, **environment):
        """Exit code and document of the sign-in, and what stood on the last page."""
        shots = os.path.join(self.build, "browser")
        os.makedirs(shots, exist_ok=True)
        picture = os.path.join(shots, shot + ".png")
        code, document, log = account.account(
            "sign-in", BROWSER=os.path.join(HERE, "chromium.sh"), NODE=oauth_rig.node(),
            NODE_MODULES=oauth_rig.MODULES, OAUTH_LANGUAGE=language, OAUTH_SHOT=picture, **environment)
        end = time.monotonic() + 30
        while not os.path.exists(account.page):
            self.assertLess(time.monotonic(), end, self.browser_log(account))
            time.sleep(0.1)
        with open(account.page, encoding="utf-8") as file:
            page = json.load(file)
        os.remove(account.page)
        Result.schema.validate(document)
        self.assertGreater(os.path.getsize(picture), 1000)
        return code, document, page, log

    def browser_log(self, account):
        with open(account.page + ".log", encoding="utf-8") as file:
            return file.read()

    def test_a_person_signs_in_and_the_page_says_done_in_english_and_japanese(self):
        for language, title in (("en-US", "Signed in"), ("ja-JP", "サインインしました")):
            with self.subTest(language):
                account = self.account()
                code, document, page, log = self.sign_in(account, language, f"signed-in-{language[:2]}")
                self.assertEqual(code, 0, f"{document}{log}")
                self.assertEqual(page["language"], language[:2])
                self.assertIn(title, page["text"])
                self.sent(account)

    def test_a_person_says_no_and_the_page_says_what_that_means(self):
        for language in ("en-US", "ja-JP"):
            with self.subTest(language):
                account = self.account(**{})
                code, document, page, _ = self.sign_in(account, language, f"refused-{language[:2]}", OAUTH_DENY="1")
                self.assertEqual(code, 4)
                self.assertEqual(document["error"]["id"], "rfc6749.access_denied")
                self.assertEqual(page["language"], language[:2])
                if language == "en-US":
                    self.assertIn(document["error"]["explanation"]["title"], page["text"])


if __name__ == "__main__":
    require(None if shutil.which("chromium") else "the package chromium is not installed")
    main()
