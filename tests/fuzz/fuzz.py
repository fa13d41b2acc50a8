"""Fuzzes one parser for a bounded time: `fuzz.py TARGET --build DIR [--seconds N]`.

Compiles TARGET.cpp and the sources it needs with clang's libFuzzer, AddressSanitizer and UndefinedBehaviorSanitizer into
DIR, apart from the normal build. The seed is fixed, the corpus begins with the samples below and goes away. A failing
input is printed and kept in DIR. Where clang or its libraries are missing, the test is not run and says so.
"""

import argparse
import concurrent.futures
import glob
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
NOT_RUN = 77
SANITIZERS = "address,undefined"
FLAGS = ["-std=c++20", "-O1", "-g1", f"-fsanitize=fuzzer-no-link,{SANITIZERS}", "-fno-sanitize-recover=all",
         "-Iplugin", "-Isdk/include"]
ADDRESSES = ["message/address.cpp", "message/characters.cpp", "message/domain.cpp"]
SOURCES = {
    "replies": ["smtp/reply_reader.cpp", "outcome/reply.cpp"],
    "addresses": ADDRESSES,
    "documents": [*ADDRESSES, "message/date.cpp", "message/media_type.cpp", "message/parameter.cpp",
                  "message/encoded_word.cpp", "crypto/base64.cpp", "crypto/base64_simd.cpp", "message/draft_*.cpp",
                  "template/*.cpp", "settings/*.cpp", "outcome/vocabulary.cpp"],
    "templates": ["template/*.cpp"],
    "author": [],
}
LIBRARIES = {"replies": [], "addresses": ["-lidn2"], "documents": ["-lidn2"], "templates": [], "author": []}
# Files that the sources expect in the program, by symbol; in the build, embed_files() puts them there.
EMBEDDED = {"documents": {"mailsend_providers_json": "manifests/providers.json"}}
SAMPLES = {
    "replies": [b"\x01250 2.0.0 OK\r\n", b"\xff220-one\r\n220 two\r\n354\r\n", b"\x00535 5.7.139 no\n250-a\r\n550 b\r\n"],
    "addresses": [b"Bob <bob@example.test>, \"a \\\" b\"@example.test", "日本 <名@例え.テスト>".encode(),
                  b"a@[192.0.2.1],b@[IPv6:2001:db8::1]", b"(comment) a.b+c@EXAMPLE.test"],
    "documents": [
        b'{"server":{"kind":"custom","host":"mail.example.test","port":"587","security":"starttls"},"auth":{"method":'
        b'"password","username":"a","password":{"$secret":"p"},"mechanism":"PLAIN"},"from":"A <a@example.test>","tls":'
        b'{"min_version":"1.3"},"network":{"name_servers":["[2001:db8::1]:5353"]},"timeouts":{"data":"10m"}}',
        b'{"from":"a@example.test","to":["b@example.test",{"name":"C","address":"c@example.test"}],"subject":"\\u65e5",'
        b'"html":"<p>","date":"2026-11-22T09:00:00+09:00","priority":"high","headers":{"X-A":"b"},"attachments":'
        b'[{"path":"a.pdf"},{"blob":"b","name":"c","type":"image/png","content_id":"d"}],"payload":{"a":[1,null]}}',
        b'{"render":true,"from":"a@example.test","to":"{{n}} <{{m}}>","subject":"{{#l}}{{.}}{{/l}}","html":"{{^e}}{{n}}{{/e}}",'
        b'"payload":{"n":"\\"B, C\\"","m":"b@example.test","l":[1,"x"],"e":""}}'],
    "templates": [b"Dear {{user.name}},\n{{#items}}\n- {{title}} {{! c }}{{payload.0}}\n{{/items}}\n{{^items}}none{{/items}}"
                  b'\0{"user":{"name":"<B>"},"items":[{"title":"a"},{"title":2}]}',
                  b"{{#.}}{{.}}{{/.}}{{payload.payload.x}}\0[[1,true],[]]", b"{{>a}}\0{}", b"{{x}}\0{\"x\":\"{{y}}\"}"],
    "author": [b'{"format":1,"a":"x\\n\\u00e9\\ud83d\\ude00","b":"\xc3\xa9\xf0\x9f\x98\x80"}', b' {\t"b" : "" ,\r\n"a":"\xef\xbf\xbf"} ',
               b'{"a":1,"a":[{}]}', b'{"\\u0061":"\\/","b":null}', b'{"format":10,"a":"","b":""}', b'{"format":1.0}'],
}


def not_run(reason):
    print(f"NOT RUN: fuzzing: {reason}")
    sys.exit(NOT_RUN)


def compile_target(target, folder):
    """The program; two compilers at a time."""
    clang = shutil.which("clang++") or not_run("clang++ is not installed")
    probe = subprocess.run([clang, "-x", "c++", "-", f"-fsanitize=fuzzer,{SANITIZERS}", "-o", os.path.join(folder, "probe")],
                           input='extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }',
                           text=True, capture_output=True)
    if probe.returncode != 0:
        not_run("clang++ is there, its libFuzzer is not (Debian: libclang-rt-dev)")
    patterns = [os.path.join(ROOT, "plugin", pattern) for pattern in SOURCES[target]]
    sources = [path for pattern in patterns for path in sorted(glob.glob(pattern)) or sys.exit(f"no file {pattern}")]
    sources.append(os.path.join(ROOT, "tests", "fuzz", f"{target}.cpp"))

    for symbol, file in EMBEDDED.get(target, {}).items():
        sources.append(os.path.join(folder, f"{symbol}.S"))
        with open(sources[-1], "w", encoding="utf-8") as assembly:
            assembly.write(f".section .rodata\n.global {symbol}, {symbol}_end\n.hidden {symbol}, {symbol}_end\n"
                           f'{symbol}: .incbin "{os.path.join(ROOT, file)}"\n{symbol}_end: .byte 0\n'
                           '.section .note.GNU-stack,"",%progbits\n')

    def to_object(source):
        made = os.path.join(folder, os.path.relpath(source, ROOT).replace("/", "_") + ".o")
        subprocess.run([clang, *FLAGS, "-c", source, "-o", made], cwd=ROOT, check=True)
        return made

    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        objects = list(pool.map(to_object, sources))
    program = os.path.join(folder, target)
    subprocess.run([clang, f"-fsanitize=fuzzer,{SANITIZERS}", *objects, *LIBRARIES[target], "-o", program], check=True)
    return program


def fuzz(program, target, folder, seconds):
    """0 if nothing was found; else the failing input is shown."""
    for old in glob.glob(os.path.join(folder, "failing-*")):
        os.remove(old)
    with tempfile.TemporaryDirectory() as corpus:
        for number, sample in enumerate(SAMPLES[target]):
            with open(os.path.join(corpus, f"sample-{number}"), "wb") as file:
                file.write(sample)
        code = subprocess.run([program, "-seed=1", f"-max_total_time={seconds}", "-max_len=4096", "-timeout=5",
                               "-rss_limit_mb=1024", "-print_final_stats=1", "-verbosity=0",
                               f"-artifact_prefix={folder}/failing-", corpus]).returncode
        print(f"{target}: {len(os.listdir(corpus))} inputs reach code of their own")
    for path in glob.glob(os.path.join(folder, "failing-*")):
        with open(path, "rb") as file:
            print(f"the failing input ({path}): {file.read()!r}")
    return code


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("target", choices=sorted(SOURCES))
    parser.add_argument("--build", required=True)
    parser.add_argument("--seconds", type=int, default=20)
    options = parser.parse_args()
    folder = os.path.join(options.build, "fuzz", options.target)
    os.makedirs(folder, exist_ok=True)
    sys.exit(1 if fuzz(compile_target(options.target, folder), options.target, folder, options.seconds) else 0)


main()
