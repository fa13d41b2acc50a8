/// The threads that send the rows of a batch, for the length of one call.
///
/// Guarantees: the first row goes alone, and others beside it only once the server has taken or refused a
/// message: a wrong password is tried once and not by everybody. None survives this object.
#pragma once

#include <cstddef>
#include <thread>
#include <vector>

#include "operations/batch_desk.hpp"

namespace mailsend {

class BatchWorkers {
  public:
    /// At most so many rows at once, whatever the account allows.
    static constexpr std::size_t most = 16;

    /// `wanted`: rows at once, when the server has proven itself.
    BatchWorkers(BatchDesk& desk, const BatchRows& rows, std::size_t wanted);
    ~BatchWorkers();
    BatchWorkers(const BatchWorkers&) = delete;
    BatchWorkers& operator=(const BatchWorkers&) = delete;

    /// A row was put on the desk. Throws std::system_error where there can be no thread at all.
    void row_came();
    void learn(const RowResult& result) noexcept;

  private:
    void work() noexcept;

    BatchDesk& desk_;
    const BatchRows& rows_;
    std::size_t wanted_;
    bool proven_ = false;
    std::vector<std::thread> threads_{};
};

}  // namespace mailsend
