// Compiles the catalogue of errors while the component is built:
//
//     mailsend_errors FOLDER BINARY JSON
//
// FOLDER has catalogue.json and its files. BINARY becomes what the component reads in place, JSON the same
// catalogue as one document for people and other programs. Ends with 1 and one sentence when anything in
// FOLDER cannot be used; nothing is written then.
#include <cstdio>
#include <stdexcept>
#include <string>

#include "diagnosis/compiler/files.hpp"
#include "diagnosis/compiler/source.hpp"
#include "diagnosis/compiler/writer.hpp"

int main(int argc, char** argv) try {
    namespace compiler = mailsend::diagnosis::compiler;
    if (argc != 4) throw std::runtime_error("write mailsend_errors FOLDER BINARY JSON");
    const std::string folder = argv[1];
    const auto read = [&](const std::string& name) { return compiler::content_of(folder + "/" + name); };
    const std::string binary = compiler::written(compiler::read_source(read));
    const std::string json = compiler::merged(read);
    compiler::save(argv[2], binary);
    compiler::save(argv[3], json);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
