#include "operations/batch_workers.hpp"

#include <algorithm>
#include <csignal>
#include <system_error>

namespace mailsend {
namespace {

/// Signals are the host's: its own threads take them.
class NoSignals {
  public:
    NoSignals() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~NoSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    NoSignals(const NoSignals&) = delete;
    NoSignals& operator=(const NoSignals&) = delete;

  private:
    sigset_t before_{};
};

}  // namespace

BatchWorkers::BatchWorkers(BatchDesk& desk, const BatchRows& rows, std::size_t wanted)
    : desk_(desk), rows_(rows), wanted_(std::clamp(wanted, std::size_t{1}, most)) {
    threads_.reserve(wanted_);
}

BatchWorkers::~BatchWorkers() {
    desk_.stop(true);
    for (std::thread& thread : threads_) thread.join();
}

void BatchWorkers::row_came() {
    const std::size_t now = proven_ ? wanted_ : 1;
    if (threads_.size() >= now || threads_.size() >= desk_.under_way()) return;
    const NoSignals during;
    try {
        threads_.emplace_back([this] { work(); });
    } catch (const std::system_error&) {
        if (threads_.empty()) throw;
        wanted_ = threads_.size();  // with those that there are
    }
}

void BatchWorkers::learn(const RowResult& result) noexcept {
    // A refusal says as much as an acceptance: somebody was there and let the account in.
    const bool answered = result.fate == RowFate::accepted || result.fate == RowFate::partial ||
                          result.fate == RowFate::rejected || result.fate == RowFate::unknown;
    if (!answered || proven_) return;
    proven_ = true;
    desk_.trust();
}

void BatchWorkers::work() noexcept {
    while (std::optional<BatchLine> line = desk_.take()) {
        RowResult result{line->number, line->octets, RowFate::failed};
        try {
            result = rows_.run(*line);
        } catch (...) {  // no memory left for this row: the count alone tells
        }
        desk_.done(std::move(result));
    }
}

}  // namespace mailsend
