// Writes the catalogue of errors as pages for people:
//
//     mailsend_errors_pages MANIFESTS FOLDER
//
// MANIFESTS has errors/ and text/; FOLDER gets ERRORS.md and ERRORS.ja.md. Ends with 1 and one sentence when
// anything in MANIFESTS cannot be used; nothing is written then.
#include <cstdio>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "diagnosis/compiler/files.hpp"
#include "diagnosis/compiler/source.hpp"
#include "diagnosis/pages/pages.hpp"

namespace {

using mailsend::Language;
namespace compiler = mailsend::diagnosis::compiler;
namespace pages = mailsend::diagnosis::pages;

/// The words that reports have for those who must act.
std::string page_in(Language language, const compiler::Source& source, const std::string& manifests) {
    const std::string path = manifests + "/text/" + std::string(to_string(language)) + ".json";
    const nlohmann::json texts = nlohmann::json::parse(compiler::content_of(path));
    return pages::page(source, language, [&](std::string_view actor) {
        return texts.at("report/actor." + std::string(actor)).get<std::string>();
    });
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 3) throw std::runtime_error("write mailsend_errors_pages MANIFESTS FOLDER");
    const std::string manifests = argv[1];
    const std::string folder = argv[2];
    const compiler::Source source = compiler::read_source(
        [&](const std::string& name) { return compiler::content_of(manifests + "/errors/" + name); });
    const std::string english = page_in(Language::en, source, manifests);
    const std::string japanese = page_in(Language::ja, source, manifests);
    compiler::save(folder + "/ERRORS.md", english);
    compiler::save(folder + "/ERRORS.ja.md", japanese);
    return 0;
} catch (const std::exception& fault) {
    std::fprintf(stderr, "mailsend_errors_pages: %s\n", fault.what());
    return 1;
}
