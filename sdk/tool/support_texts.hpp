/// What the archive of `wfc invoke --support` says about itself. Data.
#pragma once

namespace wfc::tool {

inline constexpr const char* support_readme = R"(What this is
============
`wfc invoke --support` left this after a call that did not succeed, for whoever is asked for help.

  result.json       the result document of the call
  transcript.jsonl  everything the component logged, at all levels, with times (UTC)
  progress.jsonl    what it said about its progress
  settings.json     the settings, those of --set included
  versions.json     versions, system, clock, language
  call.json         operation, call id, exit code, times; of the input only known names and sizes

What was taken out
==================
  [secret]      the value of a secret, also where it stood encoded. Names of secrets are kept.
  person-N      the user of an address: person-1@example.test. The same number is the same address in all
                files. Other ids that look like addresses are masked in the same way.
  [content]     what the input says, where a server or an error repeats it
  [host]        the name of the machine
  [home]        the path of the user's home directory
  (left out)    settings that hold what people write, or that the component does not know

The values of the input are not in here. Texts that servers sent are, as far as they were logged: look through
the files before you pass them on. Names of servers, domains, IP addresses and account names without a domain
are kept, because hardly anything can be explained without them.


これは何か
==========
`wfc invoke --support` が、成功しなかった呼び出しのあとに残した、問い合わせ用のファイルです。

  result.json       呼び出しの結果
  transcript.jsonl  コンポーネントのすべてのログ(全レベル、時刻は UTC)
  progress.jsonl    進行状況
  settings.json     設定(--set による変更を含む)
  versions.json     バージョン、OS、時計、言語
  call.json         操作、呼び出し ID、終了コード、時刻。入力は項目名と大きさのみ

取り除いたもの
==============
  [secret]      シークレットの値(エンコードされたものも含む)。シークレットの名前は残しています。
  person-N      アドレスのユーザー部分(例: person-1@example.test)。同じ番号は全ファイルで同じアドレスを
                表します。アドレスに似た ID も同じように置き換えています。
  [content]     サーバーやエラーが繰り返した入力の内容
  [host]        このコンピューターの名前
  [home]        ユーザーのホームディレクトリのパス
  (left out)    人が書いた文章を含む設定、またはコンポーネントが知らない設定

入力の値は含まれていません。サーバーから届いた文章は、ログに記録された範囲で含まれています。送る前に中身を
確認してください。サーバー名、ドメイン、IP アドレス、ドメインのないアカウント名は、原因の説明に欠かせない
ため残しています。
)";

}  // namespace wfc::tool
