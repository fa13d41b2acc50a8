#include "host/log_writer.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "host/current_call.hpp"
#include "host/event_record.hpp"
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

/// Adds the call that this thread is in.
void add_call(Json& line) {
    const CallNames* call = CurrentCall::get();
    if (call == nullptr) return;
    line["call_id"] = call->id;
    if (!call->flow.empty()) line["flow"] = call->flow;
    if (!call->step.empty()) line["step"] = call->step;
}

/// The same for people.
std::string call_text() {
    const CallNames* call = CurrentCall::get();
    return call == nullptr ? std::string() : " (call " + printable(call->id) + ")";
}

std::string entry(std::int32_t level, std::string_view id, std::string_view fields_json) {
    Json line = {{"time", timestamp()}, {"level", level_name(level)}, {"event", id}};
    add_call(line);
    line["fields"] = embedded(fields_json);
    return one_line(line);
}

std::string progress_entry(std::string_view event_json) {
    Json line = {{"time", timestamp()}};
    add_call(line);
    line["progress"] = embedded(event_json);
    return one_line(line);
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

/// A terminal whose lines can be overwritten.
bool is_terminal() noexcept {
    const char* term = std::getenv("TERM");
    return isatty(STDERR_FILENO) == 1 && term != nullptr && std::string_view(term) != "dumb";
}

/// How much fits on a line without wrapping. Bytes: no character is wider than it is long.
std::size_t line_bytes() noexcept {
    winsize size{};
    const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20;
    return (known ? size.ws_col : 80u) - 4u;
}

/// Unbuffered, as the log is. Nowhere left to complain when it fails.
void to_terminal(const std::string& text) noexcept {
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

LogWriter::LogWriter(LogFormat format, std::int32_t lowest)
    : format_(format),
      lowest_(lowest),
      out_(std::make_shared<spdlog::logger>("wfc", std::make_shared<spdlog::sinks::stderr_sink_mt>())),
      terminal_(is_terminal()) {
    out_->set_level(spdlog::level::trace);
    out_->flush_on(spdlog::level::trace);
    out_->set_pattern("%v");
    out_->set_error_handler([](const std::string&) {});  // standard error is gone: nowhere left to say so
    table_ = {sizeof table_, 0, this,
              [](void* ctx, std::int32_t level) noexcept -> int {
                  const LogWriter& self = *static_cast<LogWriter*>(ctx);
                  return level >= self.lowest_ || self.record_ != nullptr ? 1 : 0;
              },
              [](void* ctx, std::int32_t level, wfc_view id, wfc_view fields) noexcept {
                  LogWriter& self = *static_cast<LogWriter*>(ctx);
                  self.note_event(level, text(id), text(fields));
                  self.event(level, text(id), text(fields));
              }};
}

LogWriter::LogWriter(std::int32_t lowest, LogSink sink) : LogWriter(LogFormat::json, lowest) {
    sink_ = std::move(sink);
}

LogWriter::~LogWriter() {
    end_progress();
}

void LogWriter::line(std::int32_t level, const std::string& text) {
    const std::lock_guard lock(mutex_);
    clear();
    out_->log(spdlog_level(level), text);
}

void LogWriter::clear() {
    if (shown_) to_terminal("\r\x1b[K");
    shown_ = false;
}

void LogWriter::end_progress() noexcept try {
    const std::lock_guard lock(mutex_);
    clear();
} catch (...) {
}

void LogWriter::note_event(std::int32_t level, std::string_view id, std::string_view fields) noexcept try {
    if (record_ != nullptr) record_->log(entry(level, id, fields));
} catch (...) {
}

void LogWriter::event(std::int32_t level, std::string_view id, std::string_view fields_json) noexcept try {
    if (level < lowest_) return;
    if (sink_) {
        sink_(level, id, fields_json);
    } else if (format_ == LogFormat::json) {
        line(level, entry(level, id, fields_json));
    } else {
        line(level, timestamp() + " " + std::string(level_name(level)) + " " + printable(id) + " " +
                        printable(fields_json) + call_text());
    }
} catch (...) {  // a log that fails is silence
}

void LogWriter::note_progress(std::string_view event_json) noexcept try {
    if (record_ == nullptr) return;
    record_->progress(progress_entry(event_json));
} catch (...) {
}

void LogWriter::running(const std::string& line) noexcept try {
    if (format_ == LogFormat::text && terminal_) show(line);
} catch (...) {
}

void LogWriter::show_lines(std::int32_t level, const std::string& lines) noexcept try {
    if (format_ == LogFormat::text && !sink_) line(level, lines);
} catch (...) {
}

void LogWriter::show(const std::string& text) {
    const std::lock_guard lock(mutex_);
    to_terminal("\r\x1b[K" + text);
    shown_ = true;
}

void LogWriter::progress(std::string_view event_json) noexcept try {
    note_progress(event_json);
    if (sink_) return;
    if (format_ == LogFormat::json) {
        line(2, progress_entry(event_json));
        return;
    }
    if (lowest_ > 0 && !terminal_) return;
    std::string text = "… " + for_people(embedded(event_json));
    if (lowest_ <= 0) {
        line(2, text);
        return;
    }
    show(printable(text, false, line_bytes()));
} catch (...) {
}

void LogWriter::notice(std::int32_t level, std::string_view for_people, std::string_view plain) noexcept try {
    if (sink_) {
        event(level, "wfc.notice", one_line({{"text", plain}}));
    } else if (format_ == LogFormat::text) {
        line(level, std::string(for_people) + call_text());
    } else {
        line(level, entry(level, "wfc.notice", one_line({{"text", plain}})));
    }
} catch (...) {
}

}  // namespace wfc
