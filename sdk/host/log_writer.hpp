/// wfc.log/1 on standard error: lines for people, or one JSON object a line. Or for a sink, which is given
/// the events as they are.
///
/// Guarantees: a line is written whole, whatever the thread; control characters of a component's text are
/// escaped; in JSON mode every line is valid JSON, with the component's fields as an object inside. What is
/// logged on the thread of a call carries that call's id (current_call.hpp). Standard output is never
/// touched.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "wfc/component.h"

namespace spdlog {
class logger;
}

namespace wfc {

class EventRecord;

enum class LogFormat { text, json };

/// Takes an event in place of standard error: level, id and fields as the component gave them, on the thread
/// that logged it. Any thread, also several at once; what it throws is dropped.
using LogSink = std::function<void(std::int32_t level, std::string_view id, std::string_view fields_json)>;

/// Any thread.
class LogWriter {
  public:
    /// Events below `lowest` (a level of wfc.log/1) are not written.
    LogWriter(LogFormat format, std::int32_t lowest);
    /// Everything goes to `sink`, what the host itself says as an event "wfc.notice"; progress goes nowhere.
    LogWriter(std::int32_t lowest, LogSink sink);
    ~LogWriter();
    LogWriter(const LogWriter&) = delete;
    LogWriter& operator=(const LogWriter&) = delete;

    /// From now on `record` gets what the component logs, at all levels whatever is written here, and
    /// progress; not what the host itself says to a person. It outlives this. Before other threads.
    void copy_to(EventRecord& record) noexcept { record_ = &record; }

    const wfc_log* table() const noexcept { return &table_; }
    LogFormat format() const noexcept { return format_; }

    /// `fields_json` should be a JSON object; anything else is kept as text.
    void event(std::int32_t level, std::string_view id, std::string_view fields_json) noexcept;
    /// A progress event of the running call. JSON: a line. Text: a line where everything is logged; else one
    /// line of the terminal that the next event overwrites; nothing where standard error is no terminal.
    void progress(std::string_view event_json) noexcept;
    /// Shows the line as it is in place of that of `progress`, on a terminal.
    void running(const std::string& line) noexcept;
    /// Lines for the person at the terminal that stay, as they are. Text form only.
    void show_lines(std::int32_t level, const std::string& lines) noexcept;
    /// A copy of a progress event that is shown in another way.
    void note_progress(std::string_view event_json) noexcept;
    /// Clears that line. So does everything else that is written, and the end of this object.
    void end_progress() noexcept;
    /// Something the host itself says: `for_people` as it is, or in JSON mode an event "wfc.notice" with
    /// `plain` as text.
    void notice(std::int32_t level, std::string_view for_people, std::string_view plain) noexcept;

  private:
    void note_event(std::int32_t level, std::string_view id, std::string_view fields) noexcept;
    void line(std::int32_t level, const std::string& text);
    void show(const std::string& text);
    void clear();

    LogFormat format_;
    std::int32_t lowest_;
    LogSink sink_{};
    EventRecord* record_ = nullptr;
    std::shared_ptr<spdlog::logger> out_;
    std::mutex mutex_;  ///< of the terminal's line
    bool terminal_, shown_ = false;
    wfc_log table_;
};

}  // namespace wfc
