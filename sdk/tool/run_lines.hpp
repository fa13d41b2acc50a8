/// What `wfc run` says on standard output: a line for each event, for people or as a JSON object.
///
/// Guarantees: each line is written whole, whatever the thread, and at once unless standard output is slow;
/// who says it never waits for that. Control characters of foreign text are escaped. Names of JSON events and
/// members stay as they are; new ones may come. A standard output that nobody reads any more stops nothing.
#pragma once

#include <map>
#include <string>

#include "flow/events.hpp"
#include "tool/line_writer.hpp"

namespace wfc::tool {

/// Any thread.
class RunLines final : public flow::Events {
  public:
    explicit RunLines(bool json);
    /// Times of this flow are shown in its zone. Before other threads start. `flow` outlives this.
    void know(const flow::Flow& flow) { flows_.emplace(flow.id, &flow); }

    void happened(const flow::Event& event) override;
    /// Something about the whole process: "stopping" or "ended".
    void process(const std::string& event, const std::string& sentence, int code = -1);
    /// Where the metrics are read.
    void metrics(const std::string& url);

  private:
    std::string local(const flow::Event& event, std::int64_t unix_ms) const;
    std::string sentence(const flow::Event& event) const;
    std::string list(const flow::Event& event) const;

    bool json_;
    std::map<std::string, const flow::Flow*> flows_;
    LineWriter out_;
};

/// "250 ms", "12 s", "5 min 3 s", "22 h 14 min", "3 d 2 h".
std::string duration_text(std::int64_t ms);

}  // namespace wfc::tool
