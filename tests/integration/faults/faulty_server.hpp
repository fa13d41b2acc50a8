/// A submission server on loopback that takes every message, but for one fault.
///
/// Guarantees: the fault strikes on the first connections, as many as told, each time at the same place;
/// later ones are served well. Counts the transactions that reached their end of data. Every thread has
/// ended when this ends.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "faults/cell.hpp"
#include "faults/peer.hpp"

namespace faults {

/// What becomes of all connections.
struct Terms {
    Cell cell;
    unsigned faulty = 0;  ///< so many connections fail
    std::chrono::milliseconds time_out{0};
};

class FaultyServer {
  public:
    /// `tls` is borrowed. Throws std::system_error.
    FaultyServer(const Terms& terms, const inbox::ServerTls& tls);
    ~FaultyServer();
    FaultyServer(const FaultyServer&) = delete;
    FaultyServer& operator=(const FaultyServer&) = delete;

    std::uint16_t port() const noexcept { return port_; }
    /// To be called just before each connection: a server that does not take any must be told when the fault
    /// is over. Any thread.
    void about_to_connect();
    /// Transactions whose end of data was read, whatever was answered.
    unsigned handed_over() const noexcept { return handed_over_; }

  private:
    void fill_queue();
    void open_for_all();
    void run();
    void serve(int fd);

    const Terms terms_;
    const inbox::ServerTls& tls_;
    inbox::Stop stop_;
    int listener_;
    std::uint16_t port_ = 0;
    std::vector<int> fillers_;
    std::atomic<unsigned> handed_over_{0};
    std::mutex mutex_;
    unsigned asked_ = 0, accepted_ = 0;
    std::thread acceptor_;
    std::vector<std::thread> served_;
};

}  // namespace faults
