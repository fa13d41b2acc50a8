#include "flow/records.hpp"

#include <sys/stat.h>

namespace wfc::flow {

namespace {

constexpr std::string_view scope = "wfc.run";

}  // namespace

StateRecords::StateRecords(StateStore& store, std::filesystem::path file)
    : store_(store), file_(std::move(file)) {
    struct stat found {};
    if (::stat(file_.c_str(), &found) != 0) return;
    device_ = found.st_dev;
    inode_ = found.st_ino;
}

wfc_status StateRecords::get(std::string_view key, StateValue& into) {
    return store_.get(scope, key, into);
}

wfc_status StateRecords::put(std::string_view key, std::string_view bytes, std::uint64_t expected_version,
                             std::uint64_t ttl_ms, std::uint64_t& new_version) {
    return store_.put(scope, key, bytes, expected_version, ttl_ms, new_version);
}

wfc_status StateRecords::erase(std::string_view key, std::uint64_t expected_version) {
    return store_.erase(scope, key, expected_version);
}

wfc_status StateRecords::list(std::string_view prefix, std::string_view after,
                              std::vector<std::string>& keys) {
    return store_.list(scope, prefix, after, keys);
}

std::string StateRecords::name() {
    return "the state store " + file_.string();
}

std::string StateRecords::unsound() {
    struct stat found {};
    if (::stat(file_.c_str(), &found) == 0 && found.st_dev == device_ && found.st_ino == inode_) return {};
    return name() +
           " was removed or replaced while this runs, so nobody would know of a run: start wfc run "
           "again, after putting the file back if it was moved";
}

}  // namespace wfc::flow
