#include "host/state_connections.hpp"

namespace wfc {

namespace {

std::string getting() {
    return "SELECT version, value FROM state WHERE scope = ?1 AND key = ?2 AND " + live("?3");
}

std::string listing() {
    return "SELECT key FROM state WHERE scope = ?1 AND key >= ?2 AND key < ?3 AND " + live("?4") +
           " ORDER BY key LIMIT ?5";
}

}  // namespace

/// The use of the reading connection for one call, until its deadline.
class StateConnections::Turn {
  public:
    Turn(StateConnections& file, Deadline deadline) : file_(file) {
        std::unique_lock lock(file.mutex_);
        if (!file.free_.wait_until(lock, deadline, [&] { return !file.taken_; }))
            throw DatabaseFailed{DatabaseFailed::crowded};
        // What lies elsewhere now is not what others read and write.
        if (!file.reading_.in_place()) {
            file.free_.notify_one();  // who waits would wait for the end of a turn that nobody has
            throw DatabaseFailed{DatabaseFailed::lost};
        }
        file.taken_ = true;
        file.reading_.wait_until(deadline);
    }
    ~Turn() {
        {
            const std::lock_guard lock(file_.mutex_);
            file_.taken_ = false;
        }
        file_.free_.notify_one();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

  private:
    StateConnections& file_;
};

StateConnections::StateConnections(const std::filesystem::path& file, Deadline deadline)
    : writing_(file, deadline),
      reading_(file, deadline),
      get_(reading_, getting().c_str()),
      list_(reading_, listing().c_str()) {}

wfc_status StateConnections::read(Deadline deadline, std::string_view scope, std::string_view key,
                                  StateValue& into) {
    const Turn turn(*this, deadline);
    Run run(get_);
    if (!run.bind(scope).bind(key).bind(unix_ms()).row()) return WFC_NOT_FOUND;
    into.bytes = run.bytes(1);
    into.version = static_cast<std::uint64_t>(run.number(0));
    return WFC_OK;
}

void StateConnections::list(Deadline deadline, std::string_view scope, std::string_view first,
                            std::string_view end, std::int64_t most, std::vector<std::string>& keys) {
    const Turn turn(*this, deadline);
    Run run(list_);
    run.bind(scope).bind(first).bind(end).bind(unix_ms()).bind(most);
    while (run.row()) keys.emplace_back(run.bytes(0));
}

wfc_status StateConnections::write(Deadline deadline, StateWrite write, std::uint64_t& version) {
    const StateAnswer answer = commits_.run(std::move(write), deadline);
    if (answer.status == WFC_UNAVAILABLE)
        throw DatabaseFailed{answer.trouble.value_or(DatabaseFailed::crowded)};
    if (answer.status == WFC_OK) version = answer.version;
    return answer.status;
}

}  // namespace wfc
