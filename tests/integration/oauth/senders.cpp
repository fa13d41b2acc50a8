// One process of an engine that sends through an account with several threads at once, on the real host
// services.
//
//   senders COMPONENTS SETTINGS OPERATION INPUT THREADS
//
// Waits for a line on standard input, so that several processes begin together; each thread then invokes
// `send` once. Prints one result document a line, and log events on standard error. WFC_HOME and WFC_SECRET_…
// as for `wfc`.
#include <atomic>
#include <iostream>
#include <mutex>
#include <thread>
#include <vector>

#include "host/component_host.hpp"
#include "host/home.hpp"
#include "host/secret_vault.hpp"
#include "loader/loader.hpp"
#include "tool/documents.hpp"
#include "tool/host_call.hpp"

namespace {

using namespace wfc;

void invoke_with_threads(ComponentHandle& component, const std::string& operation, const std::string& input,
                         LogWriter& log, int count) {
    const std::atomic<bool> cancelled{false};
    std::mutex mutex;
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) {
        threads.emplace_back([&] {
            FileBlobs blobs;
            tool::HostCall call(tool::HostCall::fresh_id(), operation, input, blobs, log, cancelled);
            component.invoke(call.table());
            const std::lock_guard lock(mutex);
            std::cout << call.result() << std::endl;
        });
    }
    for (std::thread& thread : threads) thread.join();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 6) return 64;
    SecretVault vault;
    SecretStore secrets(vault);
    secrets.take_environment();
    const std::filesystem::path settings_file = argv[2];
    const std::string settings = tool::read_document(settings_file, false);
    const std::string input = tool::read_document(argv[4], false);
    LogWriter log(LogFormat::json, 1);
    const FileRoots roots({settings_file.parent_path()});
    const EgressPolicy egress(true);
    StateStore state(home_directory() / "state.sqlite", std::chrono::seconds(20));
    const ComponentHost host({log, secrets, state, roots, egress}, "mail-send", settings);
    const Manifest manifest = find("mail-send", search_path({argv[1]}));
    ComponentHandle component = load(manifest, ComponentHost::offered())->create(host.table());
    std::string problem;
    if (component.configure(settings, problem) != WFC_OK) {
        std::cout << problem << std::endl;
        return 78;
    }
    std::cout << "ready" << std::endl;
    std::string line;
    std::getline(std::cin, line);
    invoke_with_threads(component, argv[3], input, log, std::stoi(argv[5]));
    return 0;
}
