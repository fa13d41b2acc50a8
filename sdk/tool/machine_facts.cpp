#include "tool/machine_facts.hpp"

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <gnu/libc-version.h>
#include <link.h>
#include <nlohmann/json.hpp>
#include <set>
#include <sys/utsname.h>

namespace wfc::tool {

namespace {

using Json = nlohmann::ordered_json;

/// PRETTY_NAME of os-release(5), or empty.
std::string system_name() {
    constexpr std::string_view member = "PRETTY_NAME=";
    std::ifstream file("/etc/os-release");
    std::string line;
    for (int count = 0; count < 100 && std::getline(file, line); ++count) {
        if (line.compare(0, member.size(), member) != 0) continue;
        line.erase(0, member.size());
        if (line.size() > 1 && line.front() == '"' && line.back() == '"')
            line = line.substr(1, line.size() - 2);
        return line.substr(0, 200);
    }
    return {};
}

/// "libssl.so.3": the names that loaded libraries have on the disk tell their interface.
Json loaded_libraries() {
    std::set<std::string> names;
    dl_iterate_phdr(
        [](dl_phdr_info* library, std::size_t, void* into) {
            const std::string_view path = library->dlpi_name == nullptr ? "" : library->dlpi_name;
            const std::string_view name = path.substr(path.rfind('/') + 1);
            if (!name.empty()) static_cast<std::set<std::string>*>(into)->emplace(name);
            return 0;
        },
        &names);
    return names;
}

std::string locale() {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const char* value = std::getenv(name);
        if (value != nullptr && *value != '\0') return std::string(value).substr(0, 100);
    }
    return "";
}

}  // namespace

std::string utc_now() {
    const auto now = std::chrono::system_clock::now();
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
    const std::time_t seconds = ms / 1000;
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    char day[32], out[48];
    std::strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &utc);
    std::snprintf(out, sizeof out, "%s.%03dZ", day, static_cast<int>(ms % 1000));
    return out;
}

Json machine_facts() {
    utsname kernel{};
    uname(&kernel);
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    const char* zone = std::getenv("TZ");
    return {{"system", system_name()},
            {"kernel", std::string(kernel.sysname) + " " + kernel.release},
            {"architecture", kernel.machine},
            {"libc", std::string("glibc ") + gnu_get_libc_version()},
            {"locale", locale()},
            {"time", utc_now()},
            {"zone", local.tm_zone == nullptr ? "" : local.tm_zone},
            {"zone_setting", zone == nullptr ? "" : std::string(zone).substr(0, 100)},
            {"utc_offset_min", local.tm_gmtoff / 60},
            {"libraries", loaded_libraries()}};
}

}  // namespace wfc::tool
