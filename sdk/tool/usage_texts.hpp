/// What `--help` says below the list of options. Data; internal to the reading of the command line.
#pragma once

namespace wfc::tool {

inline constexpr const char* top_footer = R"(Examples:
  wfc describe                      list the installed components
  wfc describe TYPE                 what one can do, its settings, the secrets it needs
  wfc invoke TYPE OPERATION --settings account.json --input order.json
                                    run an operation once
  wfc account sign-in account.json  sign in, in a browser; also sign-out and status
  wfc explain 'TEXT'                say what an error means, and what to do
  wfc run flow.json                 run a flow on its schedule until it is stopped
  wfc serve                         run components for a program, line by line
  wfc panel TYPE --target node-red --package NAME --out DIR
                                    generate the panel that an engine's editor shows
  wfc secret set NAME               keep a secret, encrypted

`wfc COMMAND --help` explains a command.)";

inline constexpr const char* invoke_footer =
    R"(The result document alone goes to standard output, everything else to standard error.

Examples:
  wfc invoke TYPE OPERATION --settings account.json --input order.json
  echo '{"name":"value"}' | wfc invoke TYPE OPERATION --settings account.json --input -
  wfc invoke TYPE OPERATION --settings account.json --set /server/port=2525 --timeout 30s
  wfc invoke TYPE OPERATION --settings account.json --blob chart=chart.png --save-blob out=out.bin
  wfc invoke TYPE OPERATION --settings account.json --input order.json --support ticket.zip

Secrets: settings name them as {"$secret": "NAME"}; the value comes from the environment
variable WFC_SECRET_NAME (upper case, every other character becomes _), which is read once
and removed at start, or from the encrypted store (`wfc secret --help`). Never write a secret
into a file of settings or onto a command line:
  wfc secret set alice

Exit codes:
  0  done                       64  wrong usage, unknown operation
  2  partly done                65  invalid input
  3  rejected by the other side 66  a named file cannot be read
  4  failed                     69  the component is missing or was refused
  5  unknown how it ended       70  internal error
  6  cancelled                  78  invalid settings, a missing secret included

Ctrl-C cancels and still prints the document; a second one leaves at once (130). While the
documents are still being read there is nothing to cancel: the first one ends with 6.

Progress is one line on a terminal and silent elsewhere; --verbose and --json write it all. An operation
that reports on stages (`wfc describe TYPE`: shows: report) is a table, row by row, unless --json is given.

--support FILE leaves one zip archive for a ticket if the call does not succeed, a partial success included:
result, transcript at all log levels, progress, settings, versions. Values of secrets, the users of addresses,
the machine's name and home are masked in all of it, values of the input are not in it; its README.txt says
what is. FILE is made with mode 0600 and replaces a regular file only. After a success nothing is written.)";

inline constexpr const char* run_footer =
    R"(A flow file names components, settings and inputs, and when to run them. Its paths are relative to
it. One line for each event goes to standard output; with --json each is a JSON object.

Examples:
  wfc run flow.json                 on its schedule, until SIGTERM or Ctrl-C
  wfc run a.json b.json             several flows in one process
  wfc run flow.json --once          now, once; ends with the code of its last step
  wfc run flow.json --once --payload order.json
  wfc run flow.json --metrics 127.0.0.1:9464
                                    and tell Prometheus at http://127.0.0.1:9464/metrics

--metrics takes a literal address, and port 0 for any that is free: the first line says which. The figures
hold no addresses and no texts, but they are neither encrypted nor protected: with an address that is not
this machine's loopback everyone who reaches it can read them.

SIGTERM and Ctrl-C let the running step finish; a second one cancels it. What was run stands in
WFC_HOME (default: $XDG_STATE_HOME/wfc, else ~/.local/state/wfc), so that a restart runs nothing twice.)";

inline constexpr const char* panel_footer =
    R"(Writes, into the folder of an engine's package, what can be said about a component without code: the fields
of its panel, the dialogs, the script that registers it, help, and texts in each of its languages. Files that
are as they would be are not touched. Only the manifest is read; nothing of the component runs.

Example:
  wfc panel TYPE --target node-red --package node-red-contrib-TYPE --out node-red-contrib-TYPE

Exit codes:
  0  done                              66  a file cannot be written
  1  --check: a file is missing        69  the component is missing, or no panel can be made of it
     or is not as it would be          64  wrong usage)";

inline constexpr const char* serve_footer =
    R"(A host for an engine in another process: requests come as lines of JSON on standard input, answers go as
lines of JSON to standard output, and standard error is for people. sdk/serve/PROTOCOL.md says what they are.
It ends within five seconds when standard input ends, or with SIGTERM: calls that run have three seconds to
finish and are then cancelled.

Without --root no file that settings or input name can be opened; the engine hands files over as blobs, in
a folder of WFC_HOME (default: $XDG_STATE_HOME/wfc, else ~/.local/state/wfc). Secrets come with the settings,
over standard input, or from where they come for every other command (`wfc secret --help`).

Examples:
  wfc serve --components ./build/release/components --root ./attachments
  echo '{"id":1,"type":"hello","protocol":1}' | wfc serve)";

inline constexpr const char* explain_footer =
    R"(A shortcut to the operation explain of a component that knows what went wrong: paste what a log, another
program or a result document says. Nothing is connected to, and no settings are needed. Only the beginning
of a long text is looked at.

Put the text in quotes: brackets, < and & mean something to a shell. Where it has quotes itself, give it on
standard input; so do with text of several lines.

Examples:
  wfc explain 'TEXT'
  wfc explain TYPE 'TEXT'                     where several components can explain
  wfc explain - < error.txt
  grep refused service.log | tail -1 | wfc explain
  wfc explain 'TEXT' --stage auth --language ja
  wfc explain --json - < result.json

Exit codes are those of `wfc invoke`: 0 even where nothing in the text was recognised, which it says then.)";

inline constexpr const char* secret_footer =
    R"(Secrets are kept encrypted in WFC_HOME (default: $XDG_STATE_HOME/wfc, else ~/.local/state/wfc). The key
comes from the systemd credential wfc-key, else from the file that WFC_KEY_FILE names (32 random bytes,
raw, hex or base64; mode 0600), else from a passphrase if the store was made with one, else from a file
beside the store that wfc makes: back that up apart from the store.

A value is read from standard input, without the line feed at its end, or asked for twice on a terminal.
It never stands on the command line, where every user of the machine could read it. Components get the
value of the environment variable WFC_SECRET_NAME, if it is set, before the stored one; and before both,
a value that they wrote themselves (a renewed token), until the one given to them changes.

Examples:
  wfc secret set alice              asks for the value and does not show it
  pass show accounts/alice | wfc secret set alice
  wfc secret set alice --passphrase asks for a passphrase as the store is made
  wfc secret list
  wfc secret remove alice

Exit codes:
  0  done                       66  the store, its key or their folder cannot be used
  6  cancelled                  78  remove: there is no such secret
 64  wrong usage                65  no value, or one larger than 64 KiB)";

inline constexpr const char* describe_footer = R"(Examples:
  wfc describe
  wfc describe TYPE
  wfc describe TYPE --language ja
  wfc describe --components ./build/release/components)";

inline constexpr const char* account_footer =
    R"(Shortcuts to the operations sign-in, sign-out and account-status of the component whose account it is.
--type names it where several components have them. Files that the settings name lie in the folder of
the settings file, or in --root.

Examples:
  wfc account sign-in account.json            opens the browser, and waits for the person there
  wfc account status account.json             who is signed in, until when, and what is wrong
  wfc account sign-out account.json
  wfc account status account.json --json      the result document alone on standard output

sign-in waits 15 minutes at most unless --timeout says otherwise; the component may give up earlier.
Where it could not be kept, because WFC_HOME cannot be written, it ends with 66 before it begins.
Without a browser on this machine it prints an address: open it anywhere, then paste the address of the
page that fails to load at the end. Ctrl-C cancels.

--language is that of the labels and of what wfc itself asks; sentences of the component, such as its
warnings, come in the language of the settings.

Exit codes are those of `wfc invoke`; status ends with 4 where nobody is signed in. Settings with which
there is no such operation are 78.)";

}  // namespace wfc::tool
