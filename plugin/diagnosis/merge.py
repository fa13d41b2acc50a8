"""Puts the files of manifests/errors together, in the order of catalogue.json: merge.py FOLDER OUT."""
import json
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
catalogue = json.loads((folder / "catalogue.json").read_text())
catalogue["entries"] = [entry for name in catalogue.pop("files")
                        for entry in json.loads((folder / name).read_text())["entries"]]
pathlib.Path(sys.argv[2]).write_text(json.dumps(catalogue, ensure_ascii=False, indent=1))
