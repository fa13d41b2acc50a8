// libcurl as a program that sends mail with it would: one easy handle, used again.
//
//     bench_curl URL MESSAGES MODE [AUTHORITY] [FILE]
//
// MODE is "reuse" or "fresh" (a connection for each message). The message is built by curl's MIME functions,
// with FILE attached if it is named. Prints one JSON line as the other clients do.
#include <cstdio>
#include <cstdlib>
#include <curl/curl.h>
#include <memory>
#include <stdexcept>
#include <string>

#include "bench/compare/own_figures.hpp"

namespace {

void require(CURLcode code) {
    if (code != CURLE_OK) throw std::runtime_error(curl_easy_strerror(code));
}

template <class T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

std::string text_of(long number) {
    std::string text = "Dear customer " + std::to_string(number) + ",\r\n";
    while (text.size() < 1000)
        text += "the numbers of today are in this letter, and nothing else is in it.\r\n";
    return text;
}

/// One message on the handle's connection, or on a new one.
void send(CURL* curl, long number, const char* file) {
    const Owned<curl_mime> mime(curl_mime_init(curl), curl_mime_free);
    curl_mimepart* const text = curl_mime_addpart(mime.get());
    require(curl_mime_data(text, text_of(number).c_str(), CURL_ZERO_TERMINATED));
    require(curl_mime_type(text, "text/plain; charset=utf-8"));
    if (file != nullptr) {
        curl_mimepart* const attached = curl_mime_addpart(mime.get());
        require(curl_mime_filedata(attached, file));
        require(curl_mime_encoder(attached, "base64"));
    }
    curl_slist* lines = curl_slist_append(nullptr, "From: alice@example.test");
    lines = curl_slist_append(lines, "To: bob@example.test");
    lines = curl_slist_append(lines, ("Subject: Report " + std::to_string(number)).c_str());
    const Owned<curl_slist> headers(lines, curl_slist_free_all);
    const Owned<curl_slist> recipients(curl_slist_append(nullptr, "<bob@example.test>"), curl_slist_free_all);
    require(curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get()));
    require(curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients.get()));
    require(curl_easy_setopt(curl, CURLOPT_MIMEPOST, mime.get()));
    require(curl_easy_perform(curl));
    require(curl_easy_setopt(curl, CURLOPT_MIMEPOST, nullptr));
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc < 4) throw std::runtime_error("URL, MESSAGES and MODE are needed");
    const long messages = std::atol(argv[2]);
    const char* const authority = argc > 4 && *argv[4] != '\0' ? argv[4] : nullptr;
    const char* const file = argc > 5 ? argv[5] : nullptr;
    require(curl_global_init(CURL_GLOBAL_DEFAULT));
    const Owned<CURL> curl(curl_easy_init(), curl_easy_cleanup);
    require(curl_easy_setopt(curl.get(), CURLOPT_URL, argv[1]));
    require(curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, "<alice@example.test>"));
    require(curl_easy_setopt(curl.get(), CURLOPT_SASL_IR, 1L));
    require(curl_easy_setopt(curl.get(), CURLOPT_UPLOAD_BUFFERSIZE, 512L * 1024));
    require(curl_easy_setopt(curl.get(), CURLOPT_FORBID_REUSE, std::string(argv[3]) == "fresh" ? 1L : 0L));
    if (authority != nullptr) require(curl_easy_setopt(curl.get(), CURLOPT_CAINFO, authority));
    const bench::OwnFigures figures;
    for (long i = 0; i < messages; ++i) send(curl.get(), i, file);
    figures.print(messages);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "bench_curl: %s\n", error.what());
    return 1;
}
