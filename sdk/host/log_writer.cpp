#include "host/log_writer.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "host/printable.hpp"
#include "wfc/json.hpp"
#include "wfc/view.hpp"

namespace wfc {

namespace {

using Json = nlohmann::ordered_json;

spdlog::level::level_enum spdlog_level(std::int32_t level) {
    constexpr spdlog::level::level_enum levels[] = {spdlog::level::trace, spdlog::level::debug,
                                                    spdlog::level::info, spdlog::level::warn,
                                                    spdlog::level::err};
    return levels[std::clamp(level, 0, 4)];
}

std::string_view level_name(std::int32_t level) {
    constexpr std::string_view names[] = {"trace", "debug", "info", "warning", "error"};
    return names[std::clamp(level, 0, 4)];
}

std::string timestamp() {
    const auto now = std::chrono::system_clock::now();
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
    const std::time_t seconds = ms / 1000;
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    char out[80];
    std::snprintf(out, sizeof out, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", utc.tm_year + 1900, utc.tm_mon + 1,
                  utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, static_cast<int>(ms % 1000));
    return out;
}

/// The component's JSON as a value; as text when it is none, or costs too much to read.
Json embedded(std::string_view json) {
    constexpr std::size_t most = 64 * 1024;
    if (json.size() <= most && !detail::nests_deeper(json, 32)) {
        Json parsed = Json::parse(json, nullptr, false);
        if (parsed.is_object()) return parsed;
    }
    return Json{{"text", std::string(json.substr(0, most))}};
}

std::string one_line(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// {"stage":"connect","text":"192.0.2.1"} → `stage connect · text 192.0.2.1`
std::string for_people(const Json& event) {
    std::string out;
    for (const auto& [name, value] : event.items()) {
        if (!out.empty()) out += " · ";
        out += name + " " + (value.is_string() ? value.get<std::string>() : one_line(value));
    }
    return printable(out, false, 400);
}

}  // namespace

LogWriter::LogWriter(LogFormat format, std::int32_t lowest)
    : format_(format),
      lowest_(lowest),
      out_(std::make_shared<spdlog::logger>("wfc", std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
    out_->set_level(spdlog::level::trace);
    out_->flush_on(spdlog::level::trace);
    out_->set_pattern("%v");
    out_->set_error_handler([](const std::string&) {});  // standard error is gone: nowhere left to say so
    table_ = {sizeof table_, 0, this,
              [](void* ctx, std::int32_t level) noexcept -> int {
                  return level >= static_cast<LogWriter*>(ctx)->lowest_ ? 1 : 0;
              },
              [](void* ctx, std::int32_t level, wfc_view id, wfc_view fields) noexcept {
                  static_cast<LogWriter*>(ctx)->event(level, text(id), text(fields));
              }};
}

LogWriter::~LogWriter() = default;

void LogWriter::event(std::int32_t level, std::string_view id, std::string_view fields_json) noexcept try {
    if (level < lowest_) return;
    if (format_ == LogFormat::json) {
        const Json line = {{"time", timestamp()},
                           {"level", level_name(level)},
                           {"event", id},
                           {"fields", embedded(fields_json)}};
        out_->log(spdlog_level(level), one_line(line));
    } else {
        out_->log(spdlog_level(level), timestamp() + " " + std::string(level_name(level)) + " " +
                                           printable(id) + " " + printable(fields_json));
    }
} catch (...) {  // a log that fails is silence
}

void LogWriter::progress(std::string_view event_json) noexcept try {
    if (format_ == LogFormat::json) {
        out_->info(one_line({{"time", timestamp()}, {"progress", embedded(event_json)}}));
    } else {
        out_->info("… " + for_people(embedded(event_json)));
    }
} catch (...) {
}

void LogWriter::notice(std::int32_t level, std::string_view for_people, std::string_view plain) noexcept try {
    if (format_ == LogFormat::text) {
        out_->info(std::string(for_people));
    } else {
        const Json line = {{"time", timestamp()},
                           {"level", level_name(level)},
                           {"event", "wfc.notice"},
                           {"fields", {{"text", plain}}}};
        out_->info(one_line(line));
    }
} catch (...) {
}

}  // namespace wfc
