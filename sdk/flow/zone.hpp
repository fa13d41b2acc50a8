/// Time zones of the system's database.
///
/// Guarantees: a zone that was made is readable, and right for years after the last change that its file
/// lists; its rules never change while it lives (a process that is to see new rules is restarted). "UTC"
/// and "Etc/UTC" need no database. Does not take TZ strings in POSIX notation ("JST-9") for names, nor
/// "localtime", which names none. Reads the system's zone files; immutable, any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace wfc::flow {

/// A time zone of the system's database ("Asia/Tokyo", "UTC"). Throws std::invalid_argument with the end of a
/// sentence that names the zone (and the nearest known one).
class Zone {
  public:
    explicit Zone(std::string_view name);
    /// The machine's own: the variable TZ, without it what /etc/localtime leads to, without both UTC. Throws
    /// as above where TZ names no zone: a flow that runs at the wrong hour is worse than one that does not.
    static Zone machine();
    struct Rules;  ///< what the zone's file says; internal
    /// Of rules that were read elsewhere, for tests.
    Zone(std::string name, Rules rules);

    const std::string& name() const noexcept { return name_; }
    /// "2026-11-23T09:00:00+09:00" (RFC 3339; years 0000 to 9999, what lies outside is shown as their bounds)
    std::string text(std::int64_t unix_s) const;
    const Rules& rules() const noexcept { return *rules_; }

  private:
    std::string name_;
    std::shared_ptr<const Rules> rules_;
};

/// The name of the machine's zone by the value of TZ (null: not set) and the link or file that stands for
/// /etc/localtime; "UTC" where neither names one. Says nothing about whether such a zone exists.
std::string machine_zone(const char* tz, const std::filesystem::path& localtime);

}  // namespace wfc::flow
