// Writes the catalogue of errors as pages for people:
//
//     mailsend_errors_pages MANIFESTS FOLDER
//
// MANIFESTS has errors/ and text/; FOLDER gets ERRORS.md and ERRORS.ja.md. Ends with 1 and one sentence when
// anything in MANIFESTS cannot be used; nothing is written then.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "diagnosis/compiler/source.hpp"
#include "diagnosis/pages/pages.hpp"

namespace {

using mailsend::Language;
namespace compiler = mailsend::diagnosis::compiler;
namespace pages = mailsend::diagnosis::pages;

std::string content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file.is_open() || file.bad()) throw std::runtime_error("cannot read " + path);
    return text;
}

void save(const std::string& path, const std::string& bytes) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (!file) throw std::runtime_error("cannot write " + path);
}

/// The words that reports have for those who must act.
std::string page_in(Language language, const compiler::Source& source, const std::string& manifests) {
    const std::string path = manifests + "/text/" + std::string(to_string(language)) + ".json";
    const nlohmann::json texts = nlohmann::json::parse(content(path));
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
        [&](const std::string& name) { return content(manifests + "/errors/" + name); });
    const std::string english = page_in(Language::en, source, manifests);
    const std::string japanese = page_in(Language::ja, source, manifests);
    save(folder + "/ERRORS.md", english);
    save(folder + "/ERRORS.ja.md", japanese);
    return 0;
} catch (const std::exception& fault) {
    std::fprintf(stderr, "mailsend_errors_pages: %s\n", fault.what());
    return 1;
}
