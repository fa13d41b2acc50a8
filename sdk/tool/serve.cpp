#include <memory>
#include <mutex>
#include <system_error>
#include <unistd.h>

#include "host/file_roots.hpp"
#include "host/home.hpp"
#include "host/printable.hpp"
#include "host/secret_store.hpp"
#include "loader/loader.hpp"
#include "serve/private_streams.hpp"
#include "serve/server.hpp"
#include "tool/commands.hpp"
#include "tool/signal_count.hpp"
#include "tool/stop.hpp"

namespace wfc::tool {

namespace {

/// Where files are named in documents of an engine, nothing may be opened unless somebody allowed it.
std::unique_ptr<FileRoots> open_roots(const std::vector<std::filesystem::path>& given) try {
    return std::make_unique<FileRoots>(given);
} catch (const std::system_error& fault) {
    throw Stop(exit_unreadable, std::string("--root ") + fault.what());
} catch (const NoFileRoots& fault) {
    throw Stop(exit_unreadable, fault.what());
}

std::unique_ptr<serve::BlobFolder> open_blobs() try {
    return std::make_unique<serve::BlobFolder>(home_directory());
} catch (const HomeUnusable& fault) {
    throw Stop(exit_unreadable, fault.what());
} catch (const std::system_error& fault) {
    throw Stop(exit_unreadable, std::string("no folder for blobs can be made: ") + fault.what());
}

/// One that cannot be used is offered as it is: what it knew must not count as unknown.
std::unique_ptr<StateStore> open_state() try {
    const std::filesystem::path file = home_directory() / "state.sqlite";
    try {
        return std::make_unique<StateStore>(file, StateView::longest_wait);
    } catch (const StateUnusable& fault) {
        const std::string sentence =
            std::string("what earlier calls did cannot be looked up: ") + fault.what();
        LogWriter(LogFormat::text, 3).notice(3, "warning: " + printable(sentence), sentence);
        return std::make_unique<StateStore>(file, StateView::longest_wait, fault);
    }
} catch (const HomeUnusable& fault) {
    throw Stop(exit_unreadable, fault.what());
}

/// What the thread of the signals may use, while this lives.
template <class It>
class Known {
  public:
    Known(std::mutex& mutex, It*& place, It& it) : mutex_(mutex), place_(place) { put(&it); }
    ~Known() { put(nullptr); }
    Known(const Known&) = delete;
    Known& operator=(const Known&) = delete;

  private:
    void put(It* it) {
        const std::lock_guard lock(mutex_);
        place_ = it;
    }
    std::mutex& mutex_;
    It*& place_;
};

}  // namespace

int serve(const ServeOptions& options, SecretStore& secrets) {
    const serve::PrivateStreams streams = serve::take_standard_streams();
    std::mutex mutex;
    serve::Server* running = nullptr;  // not there yet when the first signal may come
    serve::BlobFolder* folder = nullptr;
    const SignalCount signals([&](int count, int number) {
        const std::lock_guard lock(mutex);
        if (running == nullptr) {
            if (folder != nullptr) folder->remove_all();
            _exit(count > 1 ? 128 + number : exit_ok);
        }
        if (count > 1) {
            running->give_up();
            folder->remove_all();
            _exit(128 + number);
        }
        running->stop();
    });
    const std::unique_ptr<FileRoots> roots = open_roots(options.roots);
    const std::unique_ptr<StateStore> state = open_state();
    const std::unique_ptr<serve::BlobFolder> blobs = open_blobs();
    const Known known_folder(mutex, folder, *blobs);
    const EgressPolicy egress(options.private_addresses);
    serve::LineWriter out(streams.out.get());
    serve::Server server({search_path(options.components), options.calls, WFC_TOOL_VERSION},
                         {out, secrets, *roots, egress, *state, 2}, *blobs, [&] {
                             blobs->remove_all();
                             _exit(exit_ok);
                         });
    const Known known_server(mutex, running, server);
    server.run(streams.in.get());
    return exit_ok;
}

}  // namespace wfc::tool
