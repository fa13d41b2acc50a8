#include "golden/cases.hpp"

#include <utility>

namespace mailsend::golden {

namespace {

std::string repeated(std::string_view piece, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += piece;
    return out;
}

std::string binary(std::size_t size) {
    std::string out(size, '\0');
    unsigned state = 12345;
    for (char& c : out) {
        state = state * 1103515245U + 12345U;
        c = static_cast<char>(state >> 16);
    }
    return out;
}

Case plain(std::string name) {
    Case out;
    out.name = std::move(name);
    out.draft.from = parse_mailbox("Alice Example <alice@example.test>");
    out.draft.to = parse_mailbox_list("Bob <bob@example.test>");
    out.draft.subject = "Hello";
    out.draft.text = "Hello, Bob\n";
    return out;
}

void attach(Case& one, const std::string& name, std::string bytes, const std::string& content_id = {},
            const std::string& type = {}) {
    AttachmentSpec spec;
    spec.blob = "blob" + std::to_string(one.blobs.size());
    spec.name = name;
    spec.type = type;
    spec.content_id = content_id;
    spec.pointer = "/attachments/" + std::to_string(one.draft.attachments.size());
    one.blobs[spec.blob] = std::move(bytes);
    one.draft.attachments.push_back(spec);
}

/// Texts for subjects, names and file names.
std::vector<std::string> words() {
    return {"plain",
            "two words",
            "日報 2026年11月22日",
            "تقرير يومي",
            "🎉🎊 done 👩‍👩‍👧",
            "Grüße, \"Björn\" \\ <x@y>; a=b",
            "\"quoted\" and back\\slash",
            "comma, semicolon; colon: (comment)",
            repeated("日本語", 67).substr(0, 600),
            repeated("العربية ", 25),
            repeated("😀", 200),
            repeated("word ", 40) + "end",
            std::string(200, 'x'),
            repeated("a日b\"c\\ ", 28) + "z",
            "=?UTF-8?Q?literal?=",
            "=?not a word",
            "100% 'sure' *0* = yes",
            "é"};
}

std::vector<std::string> texts() {
    return {"",
            " ",
            "   \n  \n",
            "\n",
            "no end",
            "one\ntwo\r\nthree\rfour\n",
            std::string(5000, 'x'),
            repeated("word ", 1000),
            repeated("日本語", 1700),
            "From me\n>From you\nFrom here to there\n",
            ".\n..\n.dot\nend\n.",
            "trailing blanks   \nand tabs\t\t\n",
            "equals = signs =20 =\n",
            "--=_1_\n--boundary--\n",
            "Grüße aus Köln\nmit freundlichen Grüßen\n",
            "tab\tbell\a escape\x1b\n",
            repeated("x", 75) + "é" + repeated("y", 75) + " \n",
            "mostly 日本 ASCII with some 🎉 in it, so that it is quoted-printable\n"};
}

}  // namespace

std::vector<Case> parsed_cases() {
    std::vector<Case> out;
    for (const std::string& word : words()) {
        Case one = plain("words-" + std::to_string(out.size()));
        one.draft.subject = word;
        one.draft.from->display_name = word;
        one.draft.reply_to = {{word, {"r", "x.test"}}, {"", {"s", "x.test"}}};
        one.draft.to = {{word, {"john doe", "x.test"}}, {"", {"plain", "x.test"}}, {word, {"c", "x.test"}}};
        one.draft.headers = {{"X-Text", word}};
        attach(one, word + ".pdf", binary(100));
        out.push_back(std::move(one));
    }
    for (const std::string& text : texts()) {
        Case one = plain("text-" + std::to_string(out.size()));
        one.draft.text = text;
        out.push_back(one);
        one.name = "both-" + std::to_string(out.size());
        one.draft.html = "<p>" + text + "</p>";
        out.push_back(one);
        one.name = "html-" + std::to_string(out.size());
        one.draft.text.reset();
        out.push_back(std::move(one));
    }
    Case sizes = plain("sizes");
    for (const std::size_t size : {0U, 1U, 2U, 3U, 56U, 57U, 58U, 114U, 14592U, 1U << 20})
        attach(sizes, "same name.bin", binary(size));
    out.push_back(std::move(sizes));
    Case images = plain("inline-images");
    images.draft.html = "<img src=\"cid:one\"><img src=\"cid:two@x.test\">";
    attach(images, "図.png", binary(1000), "one");
    attach(images, "two.jpg", binary(10), "two@x.test");
    attach(images, "notes.txt", "From me\n", {}, "text/plain; charset=utf-8");
    attach(images, "forwarded.eml", "Subject: x\n\nbody\n");
    out.push_back(images);
    images.name = "inline-images-html-only";
    images.draft.text.reset();
    images.draft.attachments.resize(2);
    out.push_back(std::move(images));
    Case only = plain("attachment-only");
    only.draft.text.reset();
    attach(only, "a.zip", binary(5));
    out.push_back(std::move(only));
    Case many = plain("many-recipients");
    many.draft.to.clear();
    for (int i = 0; i < 300; ++i)
        many.draft.to.push_back(
            {i % 3 == 0 ? "受信者 " + std::to_string(i) : "", {"user" + std::to_string(i), "example.test"}});
    many.draft.cc = {{"Carol", {"carol", "x.test"}}};
    many.draft.bcc = {{"Eve", {"eve", "secret.test"}}};
    many.draft.sender = parse_mailbox("\"Ops, Team\" <ops@example.test>");
    many.draft.priority = Priority::high;
    many.draft.date = ZonedTime{1795305600, -210};
    out.push_back(std::move(many));
    Case hidden = plain("bcc-only");
    hidden.draft.to.clear();
    hidden.draft.bcc = {{"Eve", {"eve", "secret.test"}}};
    out.push_back(std::move(hidden));
    return out;
}

std::vector<Case> frozen_cases() {
    std::vector<Case> out;
    out.push_back(plain("text"));
    Case japanese = plain("japanese");
    japanese.draft.from->display_name = "山田 太郎";
    japanese.draft.to =
        parse_mailbox_list("鈴木 花子 <hanako@例え.テスト>, \"Doe, Jane\" <jane@example.test>");
    japanese.draft.subject = "日報: 2026年11月22日の作業内容と翌日の予定について (暫定版)";
    japanese.draft.text = "お疲れさまです。\n\n本日の作業は予定どおり完了しました。\n";
    japanese.draft.html = "<p>お疲れさまです。</p>\n<p>本日の作業は<b>予定どおり</b>完了しました。</p>\n";
    attach(japanese, "作業報告書.pdf", "%PDF-1.7\n");
    out.push_back(std::move(japanese));
    Case full = plain("full");
    full.draft.sender = parse_mailbox("ops@example.test");
    full.draft.reply_to = parse_mailbox_list("help@example.test");
    full.draft.cc = parse_mailbox_list("\"Müller, Jörg\" <joerg@example.test>");
    full.draft.bcc = parse_mailbox_list("eve@example.test");
    full.draft.priority = Priority::high;
    full.draft.date = ZonedTime{1795305600, 540};
    full.draft.text = "Grüße!\nFrom here on, a line that is rather long: " + repeated("word ", 30) + "\n.\n";
    full.draft.html = "<p>Grüße!</p><img src=\"cid:chart\">";
    full.draft.headers = {
        {"X-Flow", "daily"},
        {"List-Unsubscribe", "<https://lists.example.test/leave?id=" + std::string(60, '7') + ">"}};
    attach(full, "chart.png", binary(60), "chart");
    attach(full, "a \"quoted\" name.csv", "a;b\n1;2\n", {}, "text/csv; charset=utf-8; header=present");
    attach(full, repeated("long name ", 15) + ".bin", binary(130));
    out.push_back(std::move(full));
    return out;
}

std::string composed(const Case& one) {
    Circumstances circumstances;
    circumstances.message_id = "5f0c7d2e@example.test";
    circumstances.now_unix_ms = 1795305600123;
    circumstances.utc_offset_minutes = 540;
    circumstances.boundary_seed = one.name;
    const auto message = compose(one.draft, circumstances, [&](const AttachmentSpec& spec) {
        return test::open(test::script(one.blobs.at(spec.blob)));
    });
    std::string out;
    char buffer[8192];
    while (const std::size_t n = message->read(buffer, sizeof buffer)) out.append(buffer, n);
    return out;
}

}  // namespace mailsend::golden
