// Compiles the catalogue of errors while the component is built:
//
//     mailsend_errors FOLDER BINARY JSON
//
// FOLDER has catalogue.json and its files. BINARY becomes what the component reads in place, JSON the same
// catalogue as one document for people and other programs. Ends with 1 and one sentence when anything in
// FOLDER cannot be used; nothing is written then.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "diagnosis/compiler/source.hpp"
#include "diagnosis/compiler/writer.hpp"

namespace {

std::string content(const std::string& path, const std::string& name) {
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file.is_open() || file.bad()) throw std::runtime_error("there is no file " + name);
    return text;
}

void save(const std::string& path, const std::string& bytes) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (!file) throw std::runtime_error("cannot write " + path);
}

}  // namespace

int main(int argc, char** argv) try {
    namespace compiler = mailsend::diagnosis::compiler;
    if (argc != 4) throw std::runtime_error("write mailsend_errors FOLDER BINARY JSON");
    const std::string folder = argv[1];
    const auto read = [&](const std::string& name) { return content(folder + "/" + name, name); };
    const std::string binary = compiler::written(compiler::read_source(read));
    const std::string json = compiler::merged(read);
    save(argv[2], binary);
    save(argv[3], json);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
