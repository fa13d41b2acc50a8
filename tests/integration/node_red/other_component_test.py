"""The hand-written parts of the package serve any component: beside what `wfc panel` makes of examples/minimal-component they
are nodes of Node-RED that greet. Arguments: --build DIR."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

from node_red import canvas  # noqa: E402
from node_red.program import main, options  # noqa: E402
from node_red.rig import PACKAGE, NodeRed  # noqa: E402

NAME = "node-red-contrib-greet"


def make_package(directory):
    """A package as its author would make it: generated files, lib/ and resources/ without what is about mail, one line."""
    for folder in ("lib", "resources"):
        shutil.copytree(os.path.join(PACKAGE, folder), os.path.join(directory, folder),
                        ignore=shutil.ignore_patterns("stock_*"))
    with open(os.path.join(directory, "package.json"), "w", encoding="utf-8") as file:
        json.dump({"name": NAME, "version": "1.0.0", "node-red": {"nodes": {"greet": "greet.js"}}}, file)
    with open(os.path.join(directory, "greet.js"), "w", encoding="utf-8") as file:
        file.write("module.exports = require('./lib/register')(require('./panel.json'), { packageDir: __dirname });\n")
    subprocess.run([os.path.join(options.build, "wfc"), "panel", "greet", "--target", "node-red", "--package", NAME,
                    "--out", directory], check=True, capture_output=True, timeout=60)


class OtherComponent(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        make_package(directory.name)
        cls.package = directory.name
        cls.red = NodeRed(options.build, [directory.name, PACKAGE])
        cls.red.__enter__()
        cls.addClassCleanup(cls.red.__exit__)

    def test_its_nodes_load_beside_those_of_mail(self):
        types = {kind for each in self.red.get("/nodes") if each["module"] == NAME for kind in each["types"]}
        self.assertEqual({"greet", "greet-account"}, types, self.red.log())
        self.assertNotIn("[error]", self.red.log())

    def test_its_catalogues_speak_both_languages(self):
        labels = [self.red.get(f"/nodes/messages?lng={language}")[f"{NAME}/greet"]["ports"]["succeeded"]["label"]
                  for language in ("en-US", "ja")]
        self.assertEqual("Greeted", labels[0])
        self.assertNotEqual(labels[0], labels[1])

    def test_a_message_goes_through_it_with_its_result(self):
        self.red.deploy([
            canvas.TAB, canvas.source("node"),
            {"id": "account", "type": "greet-account", "name": "", "language": "en", "greeting": "Hello"},
            {"id": "node", "type": "greet", "z": "tab", "name": "", "account": "account", "outputs": 2,
             "input_name": "who", "input_name_type": "msg", "wires": [["succeeded"], ["failed"]]},
            *canvas.sinks("succeeded", "failed")])
        self.red.emit("source", {"payload": "kept", "who": "Ann"})
        message = self.red.until_messages("succeeded")[0]
        self.assertEqual(("kept", "succeeded", "Hello, Ann!"), (
            message["payload"], message["greet"]["outcome"], message["greet"]["text"]))


if __name__ == "__main__":
    main()
